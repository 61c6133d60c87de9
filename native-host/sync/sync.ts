/**
 * Lease sync: fetches this person's leases for this device, checks all of them, and commits them to disk as one.
 * At most once a day unless forced; never two at a time for one owner.
 */

import { resourceKey } from '#core/access/resource-key';
import { hangsOnAny } from '#core/lease/lease-set';
import type { Trust } from '#core/trust/trust';
import { HoldfastError, isUnanswered, toWireError } from '#protocol/errors';
import type { HostEvent, SyncStatus } from '#protocol/host';
import type { ResourceRef } from '#protocol/primitives';
import type { HostConfig } from '#protocol/vault';
import { nodeCrypto } from '#runtime/jose/primitives';
import { unsealer } from '#runtime/jose/seal';
import { deviceSigner, newId } from '#runtime/jose/sign';
import type { DeviceClock } from '../clock.ts';
import { newCorrelationId } from '../correlation.ts';
import { proveWith } from '../device-key/proof.ts';
import { type HostLog, noteOwner } from '../log.ts';
import type { KnownTrust, TrustRecord } from '../trust-record.ts';
import type { Owner } from '../vault/names.ts';
import type { Vault } from '../vault/vault.ts';
import type { NewLease } from '../vault/write.ts';
import { askWorkspace } from '../workspace-http.ts';
import { type Collected, collectLeases } from './collect.ts';
import { linesOf } from './lines.ts';
import { readSyncStatus, writeSyncStatus } from './status.ts';
import { askForTrust } from './workspace-trust.ts';

export interface SyncOrder {
  readonly owner: Owner;
  readonly userName: string;
  /** the Workspace's device token */
  readonly token: string;
  readonly force: boolean;
}

export interface SyncParts {
  readonly vaultOf: (owner: Owner) => Promise<Vault>;
  readonly trust: TrustRecord;
  readonly config: HostConfig;
  readonly clock: DeviceClock;
  readonly log: HostLog;
  readonly emit: (event: HostEvent) => void;
  readonly signal: AbortSignal;
  /** milliseconds since 1970 */
  readonly now: () => number;
}

export interface Syncs {
  start(order: SyncOrder): Promise<{ started: boolean; status: SyncStatus }>;
  status(owner: Owner): Promise<SyncStatus>;
  /** Cancels this owner's sync: when it resolves, none runs and none will still write. */
  stop(owner: Owner): Promise<void>;
  /** resolves when no sync of this process runs */
  idle(): Promise<void>;
}

interface Run {
  status: SyncStatus;
  done: Promise<void>;
  readonly stop: AbortController;
}

const DAY_MS = 86_400_000;
const HEADERS_MS = 15_000;
/** The Workspace sends lines while a sync is queued; after a minute of silence the sync fails. */
const SILENCE_MS = 60_000;
/** Minimum interval between progress events. */
const TELL_MS = 100;

export function openSyncs(parts: SyncParts): Syncs {
  const running = new Map<string, Run>();
  const status = async (owner: Owner): Promise<SyncStatus> =>
    running.get(nameOf(owner))?.status ?? readSyncStatus((await parts.vaultOf(owner)).folder, parts.log);

  return {
    status,
    async start(order) {
      const { owner } = order;
      const before = await status(owner);
      const vault = await parts.vaultOf(owner);
      const due = order.force || (await isDue(before, vault, parts.now()));
      // Checked last: two portal pages may ask at the same time.
      const other = running.get(nameOf(owner));
      if (other !== undefined || !due) return { started: false, status: other?.status ?? before };
      const run: Run = { status: { ...before, state: 'running' }, done: Promise.resolve(), stop: new AbortController() };
      delete run.status.error;
      running.set(nameOf(owner), run);
      run.done = perform(parts, vault, order, run).then(() => {
        // A listener may start the next sync at once.
        running.delete(nameOf(owner));
        tell(parts, owner, run.status);
      });
      return { started: true, status: run.status };
    },
    async stop(owner) {
      const run = running.get(nameOf(owner));
      run?.stop.abort();
      await run?.done;
    },
    idle: async () => void (await Promise.all([...running.values()].map(({ done }) => done))),
  };
}

function nameOf(owner: Owner): string {
  return `${owner.workspace} ${owner.subject}`;
}

async function isDue(status: SyncStatus, vault: Vault, now: number): Promise<boolean> {
  if (status.lastSuccess === undefined || now - status.lastSuccess >= DAY_MS || now < status.lastSuccess) return true;
  return !(await vault.manifest()).ok;
}

/** Never rejects: the outcome is the status. It is on disk before it is announced. */
async function perform(parts: SyncParts, vault: Vault, order: SyncOrder, run: Run): Promise<void> {
  const correlationId = newCorrelationId();
  noteOwner(parts.log, 'lease sync', order.owner, correlationId);
  let told = 0;
  const progress = (done: number, total: number | undefined) => {
    const now = parts.now();
    if (now - told < TELL_MS) return;
    told = now;
    run.status = { ...run.status, lastContact: now, done, ...(total !== undefined && { total }) };
    tell(parts, order.owner, run.status);
  };
  tell(parts, order.owner, run.status);
  try {
    const signal = AbortSignal.any([parts.signal, run.stop.signal]);
    const count = await fetchLeases({ ...parts, signal }, vault, order, correlationId, progress);
    const now = parts.now();
    run.status = { state: 'succeeded', lastContact: now, lastSuccess: now, done: count, total: count };
    parts.log.info(`lease sync: ${count} leases`, correlationId);
  } catch (error) {
    run.status = failedStatus(run.status, error, parts.now(), correlationId);
    parts.log.error('lease sync failed', error, correlationId);
  }
  await writeSyncStatus(vault.folder, run.status).catch((error: unknown) => parts.log.error('lease sync status', error, correlationId));
}

/** Any answer counts as contact; silence does not. */
function failedStatus({ lastContact, lastSuccess }: SyncStatus, thrown: unknown, now: number, correlationId: string): SyncStatus {
  const failed = thrown instanceof HoldfastError ? thrown : new HoldfastError('internal', undefined, { cause: thrown });
  const contact = isUnanswered(failed) ? lastContact : now;
  return {
    state: 'failed',
    ...(contact !== undefined && { lastContact: contact }),
    ...(lastSuccess !== undefined && { lastSuccess }),
    error: toWireError(failed, correlationId),
  };
}

function tell(parts: SyncParts, { workspace, subject }: Owner, status: SyncStatus): void {
  parts.emit({ event: 'sync', workspace, subject, status });
}

async function fetchLeases(
  parts: SyncParts,
  vault: Vault,
  { owner, userName, token }: SyncOrder,
  correlationId: string,
  progress: (done: number, total: number | undefined) => void,
): Promise<number> {
  const known = await knownTrust(parts, owner.workspace, correlationId);
  const key = await vault.key();
  const signer = deviceSigner(key);
  const proof = proveWith(key)({ aud: owner.workspace, op: 'sync', nonce: newId(), digest: nodeCrypto.sha256(token) });
  const response = await askWorkspace({
    workspace: owner.workspace,
    caFile: parts.config.caFile,
    path: '/api/v1/lease-sync',
    body: { token, key: signer.publicKey, proof },
    correlationId,
    deadlineMs: HEADERS_MS,
    signal: parts.signal,
  });
  const unseal = unsealer(key.publicJwk().enc, (point) => key.deriveECDH(point));
  const reader = {
    owner,
    jkt: signer.kid,
    unseal,
    trust: known.trust,
    answers: nodeCrypto.sha256(proof),
    now: parts.clock.now(owner.workspace),
  };
  const collected = await collectLeases(linesOf(response, owner.workspace, SILENCE_MS), reader, progress);
  const trust = (await parts.trust.hear(owner.workspace, { revocations: collected.revocations })) ?? known.trust;
  if (trust.listToken === undefined || known.workspaceStatement === undefined) {
    throw new HoldfastError('untrusted_peer', { reason: 'no-list' });
  }
  const leases = [...collected.leases, ...(await stillGood(vault, collected, trust, parts.clock.now(owner.workspace)))];
  parts.signal.throwIfAborted();
  await vault.commit(
    {
      userName,
      syncedAt: parts.now(),
      rootBundle: trust.signedBundle,
      revocations: trust.listToken,
      workspaceStatement: known.workspaceStatement,
      deleteOnSignOut: collected.deleteOnSignOut,
    },
    leases,
  );
  await parts.clock.saw(owner.workspace, 'lease', collected.signedAt);
  return leases.length;
}

/** The held leases of which nothing was decided and that could still be opened. */
async function stillGood(vault: Vault, collected: Collected, trust: Trust, now: number): Promise<NewLease[]> {
  const { leases, undecided, decided, unknown } = collected;
  const manifest = await vault.manifest();
  if (!manifest.ok || undecided.length + unknown.length === 0) return [];
  const keysOf = (refs: readonly ResourceRef[]) => new Set(refs.map(resourceKey));
  const [open, closed] = [keysOf(undecided), keysOf([...leases.map(({ resource }) => resource), ...decided])];
  const good: NewLease[] = [];
  for (const { lease, resource } of manifest.value.leases) {
    if (closed.has(resourceKey(resource))) continue;
    const found = await vault.find(resource);
    if (!found.ok) continue;
    const { files } = found.value;
    const judged = await vault.check(files, trust, now);
    if (judged.ok && (open.has(resourceKey(resource)) || hangsOnAny(judged.value.metadata, unknown)))
      good.push({ lease, resource, ...files });
  }
  return good;
}

/** Fetched at each sync, so that a new root bundle is known before leases under it are checked; else the held one. */
async function knownTrust(parts: SyncParts, workspace: string, correlationId: string): Promise<KnownTrust> {
  try {
    return await askForTrust(parts, workspace, correlationId, parts.signal);
  } catch (error) {
    const held = await parts.trust.of(workspace);
    if (held === undefined || !isUnanswered(error)) throw error;
    return held;
  }
}
