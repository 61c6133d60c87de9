/** The native host's parts, composed once per process: browser or command line. */
import { LAUNCH_SETTINGS, type LaunchSettings } from '#core/machines/launch-states';
import type { HostEvent } from '#protocol/host';
import { nodeDisk } from '#runtime/files/disk';
import { type Challenges, openChallenges } from './challenges.ts';
import { type DeviceClock, openClock } from './clock.ts';
import { newCorrelationId } from './correlation.ts';
import { type Launches, openLaunches } from './launch/launches.ts';
import { type HostLog, openLog } from './log.ts';
import { openPeople, type People } from './people.ts';
import { openReachabilities, type Reachabilities } from './reachability.ts';
import type { Startup } from './startup-checks.ts';
import { openSyncs, type Syncs } from './sync/sync.ts';
import { askForTrust } from './sync/workspace-trust.ts';
import { type KnownTrust, openTrustRecord, type TrustRecord, trustFrom } from './trust-record.ts';
import { folderNameOf, type Owner } from './vault/names.ts';
import { makeRoom } from './vault/room.ts';
import { openVault, type Vault } from './vault/vault.ts';

export interface Host extends Startup {
  readonly clock: DeviceClock;
  readonly log: HostLog;
  readonly people: People;
  readonly trust: TrustRecord;
  readonly syncs: Syncs;
  readonly launches: Launches;
  readonly reachabilities: Reachabilities;
  readonly challenges: Challenges;
  readonly signal: AbortSignal;
  /** the browser profile that this process serves; a command serves none */
  profile(): string | undefined;
  /** Throws `too_many` where no key folder is left for this person. */
  makeRoomFor(owner: Owner): Promise<void>;
  vaultOf(owner: Owner): Promise<Vault>;
  trustFor(owner: Owner, online: boolean): Promise<KnownTrust | undefined>;
}

export interface HostOptions {
  /** the system's clock, milliseconds since 1970 */
  readonly now?: () => number;
  readonly launchSettings?: LaunchSettings;
  readonly profile?: () => string | undefined;
  /** runs `work` once after `ms`; the result cancels it */
  readonly after?: (ms: number, work: () => void) => () => void;
}

/** Nothing waits for it: the process may end before. */
function byTimer(ms: number, work: () => void): () => void {
  const timer = setTimeout(work, ms).unref();
  return () => clearTimeout(timer);
}

export async function openHost(
  { home, config }: Startup,
  emit: (event: HostEvent) => void,
  signal: AbortSignal,
  { now = () => Date.now(), launchSettings = LAUNCH_SETTINGS, after = byTimer, profile = () => undefined }: HostOptions = {},
): Promise<Host> {
  const log = openLog(home);
  const clock = await openClock(home, () => Math.floor(now() / 1_000));
  const trust = openTrustRecord(home, config, clock);
  const vaults = new Map<string, Promise<Vault>>();
  const vaultOf = (owner: Owner): Promise<Vault> => {
    const name = folderNameOf(owner);
    const held = vaults.get(name) ?? openVault(home, { workspace: owner.workspace, subject: owner.subject }, nodeDisk);
    vaults.set(name, held);
    held.catch(() => vaults.delete(name));
    return held;
  };

  /** As last heard; else as kept by the last lease sync; else, if the Workspace may be asked, from its answer. */
  const trustFor = async (owner: Owner, online: boolean): Promise<KnownTrust | undefined> => {
    const held = await trust.of(owner.workspace).catch((error: unknown) => {
      log.error('trust', error);
      return undefined;
    });
    if (held !== undefined) return held;
    const manifest = await (await vaultOf(owner)).manifest();
    if (manifest.ok) {
      const { rootBundle, revocations, workspaceStatement } = manifest.value;
      return { trust: trustFrom(rootBundle, [], revocations), workspaceStatement };
    }
    return online ? askForTrust({ trust, config }, owner.workspace, newCorrelationId(), signal) : undefined;
  };

  const syncs = openSyncs({ vaultOf, trust, config, clock, log, emit, signal, now });
  const reachabilities = openReachabilities({
    vaultOf,
    hear: (workspace, news) => void trust.hear(workspace, news).catch((error: unknown) => log.error('news', error)),
    emit,
    log,
    signal,
    now,
    seconds: clock.now,
    after,
  });
  const launches = openLaunches(
    { home, config, clock, trust, log, vaultOf, trustFor, emit, reachabilities, settings: launchSettings },
    now,
  );
  const people = openPeople(home);
  const makeRoomFor = async (owner: Owner): Promise<void> => {
    for (const name of await makeRoom(nodeDisk, home, owner, await people.all(), now())) vaults.delete(name);
  };
  const challenges = openChallenges(now);
  const doers = { syncs, launches, reachabilities, challenges };
  return { home, config, clock, log, people, trust, signal, ...doers, profile, makeRoomFor, vaultOf, trustFor };
}
