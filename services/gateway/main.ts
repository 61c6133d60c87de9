/** A gateway: `holdfast serve gateway --config FILE`. */
import { GatewayConfig } from '#protocol/service-config';
import { runService } from '#runtime/service/run';
import { startGateway } from './gateway.ts';

await runService('gateway', GatewayConfig, startGateway);
