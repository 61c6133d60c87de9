/** `holdfast-host status`. */
import { wholeLine, wordsOf } from '#protocol/words';
import { everything } from '#protocol/words/everything';
import { status } from '../handlers/status.ts';
import { CommonFlags, flagsOf, homeOf, hostFor, print } from './options.ts';

export async function statusCommand(given: unknown): Promise<number> {
  const flags = flagsOf(CommonFlags, given);
  const host = await hostFor(homeOf(flags));
  const workspaces = await Promise.all(
    host.config.workspaces.map(async ({ url, name }) => ({ workspace: url, name, ...(await status(host, { workspace: url })) })),
  );
  print(
    flags.json,
    { home: host.home, workspaces },
    workspaces.flatMap(({ name, workspace, subject, userName, leases, sync }) => [
      `${name} (${workspace}): ${subject === undefined ? 'nobody signed in yet' : (userName ?? subject)}`,
      `  leases: ${leases.valid} of ${leases.resources} open offline`,
      `  last sync: ${sync.state}${sync.error === undefined ? '' : `: ${wholeLine(wordsOf(sync.error, everything))}`}`,
    ]),
  );
  return 0;
}
