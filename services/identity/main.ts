import { IdentityConfig } from '#protocol/service-config';
import { runService } from '#runtime/service/run';
import { start } from './identity.ts';

await runService('identity', IdentityConfig, start);
