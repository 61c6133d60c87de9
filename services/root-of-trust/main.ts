import { RootOfTrustConfig } from '#protocol/service-config';
import { runService } from '#runtime/service/run';
import { start } from './root-of-trust.ts';

await runService('root-of-trust', RootOfTrustConfig, start);
