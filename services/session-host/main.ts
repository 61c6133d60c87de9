/** The agent beside a session server: `holdfast serve session-host --config FILE`. */
import { SessionHostConfig } from '#protocol/service-config';
import { runService } from '#runtime/service/run';
import { startSessionHost } from './session-host.ts';

await runService('session-host', SessionHostConfig, startSessionHost);
