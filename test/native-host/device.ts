/** A device for tests: a private folder, its configuration, and the host's parts over it, with time standing still. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LAUNCH_SETTINGS } from '#core/machines/launch-states';
import type { HostEvent, LaunchEvent } from '#protocol/host';
import type { HostConfig } from '#protocol/vault';
import { unsealer } from '#runtime/jose/seal';
import { deviceSigner } from '#runtime/jose/sign';
import { type Host, openHost } from '../../native-host/host.ts';
import { readLog } from '../../native-host/log.ts';
import type { Vault } from '../../native-host/vault/vault.ts';
import { showLog } from '../log.ts';
import { patience } from '../patience.ts';
import { MARA, NOW, type newDevice, WORKSPACE, type World } from '../vectors/world.ts';

export const OWNER = { workspace: WORKSPACE, subject: MARA.subject };
/** the browser profile that a test device's host serves */
export const PROFILE = 'profile-of-the-test-01';
export const EXTENSION = 'abcdefghijklmnopabcdefghijklmnop';

export interface TestDevice {
  readonly host: Host;
  readonly home: string;
  readonly events: HostEvent[];
  readonly launches: () => LaunchEvent[];
  readonly clock: { ms: number };
  /** what the host means to do later, newest last; nothing of it happens by itself */
  readonly later: (() => void)[];
  end(): Promise<void>;
}

/** Short paths: a Unix socket's has little room. */
export async function newHome(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'hf-dev-'));
}

export async function openDevice(config: Partial<HostConfig> = {}, home?: string): Promise<TestDevice> {
  const folder = home ?? (await newHome());
  const events: HostEvent[] = [];
  const clock = { ms: NOW * 1_000 };
  const later: (() => void)[] = [];
  const after = (_ms: number, run: () => void) => {
    later.push(run);
    return () => void later.splice(later.indexOf(run), 1);
  };
  const ending = new AbortController();
  const whole: HostConfig = {
    v: 1,
    workspaces: [{ url: WORKSPACE, name: 'Contoso', trustFirstRoot: true }],
    extensions: [EXTENSION],
    viewers: {},
    ...config,
  };
  const host = await openHost(
    { home: folder, config: whole },
    (event) => void events.push(event),
    ending.signal,
    // A busy machine's disk takes longer than half a second, and the tests are about something else.
    {
      now: () => clock.ms,
      profile: () => PROFILE,
      launchSettings: { ...LAUNCH_SETTINGS, findMs: patience(500), checkMs: patience(500) },
      after,
    },
  );
  return {
    host,
    home: folder,
    events,
    launches: () => events.filter((event) => event.event === 'launch'),
    clock,
    later,
    async end() {
      ending.abort();
      await host.syncs.idle();
      showLog('native host', (await readLog(folder)).join('\n'));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The vault's own key in the shape that the world's makers of leases take. */
export async function keyOf(vault: Vault): Promise<ReturnType<typeof newDevice>> {
  const key = await vault.key();
  const signer = deviceSigner(key);
  const { enc } = key.publicJwk();
  return { key, signer, jkt: signer.kid, enc, unseal: unsealer(enc, (point) => key.deriveECDH(point)) };
}

/** Puts leases of these changes to the world's one resource into the vault, as a sync would. */
export async function saveLeases(
  device: TestDevice,
  world: World,
  changes: readonly (Parameters<World['leaseFor']>[1] & { at?: number })[],
  entries: Parameters<World['listToken']>[0] = [],
  deleteOnSignOut = true,
): Promise<Vault> {
  const vault = await device.host.vaultOf(OWNER);
  const key = await keyOf(vault);
  const leases = changes.map(({ at, ...change }) => {
    const built = world.leaseFor(key, change, at ?? NOW);
    return { lease: built.lease, resource: built.resource, ...built.files };
  });
  const workspace = world.component('workspace', 'workspace-1');
  await vault.commit(
    {
      userName: MARA.name,
      syncedAt: NOW * 1_000,
      rootBundle: world.signedBundle,
      revocations: world.listToken(entries),
      workspaceStatement: workspace.statement,
      deleteOnSignOut,
    },
    leases,
  );
  await device.host.people.bind({ profile: PROFILE, ...OWNER, userName: MARA.name });
  return vault;
}
