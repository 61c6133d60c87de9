import { BrokerConfig } from '#protocol/service-config';
import { runService } from '#runtime/service/run';
import { start } from './broker.ts';

await runService('broker', BrokerConfig, start);
