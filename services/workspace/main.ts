import { WorkspaceConfig } from '#protocol/service-config';
import { runService } from '#runtime/service/run';
import { start } from './workspace.ts';

await runService('workspace', WorkspaceConfig, start);
