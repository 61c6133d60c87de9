import { LeaseIssuerConfig } from '#protocol/service-config';
import { runService } from '#runtime/service/run';
import { start } from './lease-issuer.ts';

await runService('lease-issuer', LeaseIssuerConfig, start);
