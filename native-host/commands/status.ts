/** `holdfast-host status`. */
import { wholeLine, wordsOf } from '#protocol/words';
import { everything } from '#protocol/words/everything';
import { statusOf } from '../handlers/status.ts';
import { CommonFlags, flagsOf, homeOf, hostFor, print } from './options.ts';

export async function statusCommand(given: unknown): Promise<number> {
  const flags = flagsOf(CommonFlags, given);
  const host = await hostFor(homeOf(flags));
  const workspaces = await Promise.all(
    host.config.workspaces.map(async ({ url, name }) => {
      const latest = (await host.people.all()).find(({ workspace }) => workspace === url);
      return { workspace: url, name, ...(await statusOf(host, url, latest)) };
    }),
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
