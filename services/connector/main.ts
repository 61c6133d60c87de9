/** A connector of a location: `holdfast serve connector --config FILE`. */
import { ConnectorConfig } from '#protocol/service-config';
import { runService } from '#runtime/service/run';
import { startConnector } from './connector.ts';

await runService('connector', ConnectorConfig, startConnector);
