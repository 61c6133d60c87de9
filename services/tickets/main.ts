import { TicketsConfig } from '#protocol/service-config';
import { runService } from '#runtime/service/run';
import { start } from './tickets.ts';

await runService('tickets', TicketsConfig, start);
