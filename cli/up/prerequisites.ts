/** What has to be there before a component can start: a folder of our own, free ports, a build, keys, accounts, desktops. */

import type { CeremonyResult } from '../../services/root-of-trust/ceremony.ts';
import { removeAccount } from '../desktops/account.ts';
import { isRoot } from '../desktops/confinement.ts';
import { buildWhenNeeded } from './build.ts';
import { holdCeremonyOnce } from './ceremony.ts';
import { cleanUpAfterKilled, type DataDir, forgetRun, openDataDir } from './data-dir.ts';
import { type DesktopContext, type MissingDesktop, type StartedDesktop, startDesktops } from './desktop-servers.ts';
import type { UpOptions } from './options.ts';
import { COMPONENTS, portsOf } from './plan.ts';
import { claimPorts } from './ports.ts';
import { keepRun, type RunKeeper } from './run-record.ts';
import { openSecrets, type Secrets } from './secrets.ts';
import { openAccounts } from './session-accounts.ts';

export interface Prerequisites {
  readonly dir: DataDir;
  readonly run: RunKeeper;
  readonly secrets: Secrets;
  readonly ceremony: CeremonyResult;
  readonly desktops: DesktopContext;
  readonly started: readonly StartedDesktop[];
  readonly missing: readonly MissingDesktop[];
}

/** Cheap refusals first: nothing is made or started before folder and ports are known to be good. */
export async function meetPrerequisites(options: UpOptions): Promise<Prerequisites> {
  const { portBase, projectDir, signal, endings, say } = options;
  const dir = await openDataDir(options.data);
  const left = cleanUpAfterKilled(dir);
  if (isRoot()) left.forEach(removeAccount);
  await claimPorts(
    portBase,
    COMPONENTS.flatMap((component) => Object.values(portsOf(component, 0))),
  );
  const run = keepRun(dir, portBase);
  endings.after(() => forgetRun(dir));
  buildWhenNeeded(projectDir, say);
  signal.throwIfAborted();

  const secrets = await openSecrets(dir);
  const ceremony = await holdCeremonyOnce(dir);
  const accounts = openAccounts(portBase, run, endings);
  const onChange = () => {
    if (!signal.aborted) run.update();
  };
  const desktops: DesktopContext = { dir, accounts, signal, onChange };
  say('Starting desktops and the root of trust ...');
  const { started, missing } = await startDesktops(desktops);
  endings.after(async () => {
    await Promise.all(started.map(({ running }) => running.end()));
  });
  run.watch(() => started.flatMap(({ running }) => running.processes));
  signal.throwIfAborted();
  return { dir, run, secrets, ceremony, desktops, started, missing };
}
