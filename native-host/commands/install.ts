/** `holdfast-host install` and `uninstall`. */
import { resolve } from 'node:path';
import * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { HostConfig } from '#protocol/vault';
import { install, uninstall } from '../install/install.ts';
import { flagsOf, PlaceFlags, placeOrder, print } from './options.ts';

const Workspace = HostConfig.entries.workspaces.pipe[0].item.entries;
const InstallFlags = v.object({
  ...PlaceFlags.entries,
  workspace: Workspace.url,
  name: Workspace.name,
  extensionId: v.array(v.pipe(v.string(), v.regex(/^[a-p]{32}$/u))),
  rootPin: Workspace.rootPin,
  caFile: v.optional(v.string()),
  trustWhateverRootTheWorkspaceNamesFirst: Workspace.trustFirstRoot,
});
const UninstallFlags = v.object({ ...PlaceFlags.entries, purge: v.optional(v.boolean(), false) });

export async function installCommand(given: unknown): Promise<number> {
  const flags = flagsOf(InstallFlags, given);
  const { workspace: url, name, rootPin, trustWhateverRootTheWorkspaceNamesFirst: trustFirstRoot } = flags;
  if (rootPin === undefined && trustFirstRoot === undefined) throw new HoldfastError('bad_request', { reason: 'no-root-pin' });
  const workspace = { url, name, ...(rootPin === undefined ? { trustFirstRoot } : { rootPin }) };
  const { wrapper, done } = await install({
    ...placeOrder(flags),
    workspace,
    extensions: flags.extensionId,
    caFile: flags.caFile === undefined ? undefined : resolve(flags.caFile),
  });
  print(flags.json, { wrapper, installed: done }, [`Host: ${wrapper}`, ...done.map(({ browser, manifest }) => `${browser}: ${manifest}`)]);
  return 0;
}

export async function uninstallCommand(given: unknown): Promise<number> {
  const flags = flagsOf(UninstallFlags, given);
  const removed = await uninstall({ ...placeOrder(flags), purge: flags.purge });
  print(flags.json, { removed }, removed.length === 0 ? ['Nothing was installed.'] : removed.map(({ manifest }) => `Removed ${manifest}`));
  return 0;
}
