/** One lease sync: wait for the turn, resolve by the site document, build, and stream it all as NDJSON of `LeaseSyncLine`. */
import type * as v from 'valibot';
import { resolve } from '#core/access/resolve';
import { resourceRef } from '#core/access/resource-key';
import type { Site } from '#core/access/site';
import { unknownOf } from '#core/access/unknown';
import { withheldFrom } from '#core/access/withheld';
import { digestWith, EMPTY_SET, type SetLine } from '#core/lease/lease-set';
import { findRevocation } from '#core/trust/revocation';
import type { CLOUD } from '#protocol/cloud-api';
import { HoldfastError, toWireError } from '#protocol/errors';
import { TYP } from '#protocol/jose';
import type { LeaseSet } from '#protocol/lease';
import { LIMITS } from '#protocol/limits';
import type { RevocationList } from '#protocol/trust';
import type { LeaseSyncLine } from '#protocol/workspace-api';
import type { Component } from '#runtime/component/component';
import type { Asked } from '#runtime/http/cloud-server';
import { sendLines } from '#runtime/http/lines';
import { asRefusal } from '#runtime/http/refusal';
import { nodeCrypto } from '#runtime/jose/primitives';
import { componentSigner } from '#runtime/jose/sign';
import type { Log } from '#runtime/log/log';
import { refusalFields } from '#runtime/log/refusals';
import type { SiteReader } from '#runtime/site/reader';
import type { IssuerKey } from '../issuer-key.ts';
import { haveKeys, locationKeysFrom, withinReach } from '../location-keys.ts';
import type { Queue, Turn } from '../queue.ts';
import type { Workers } from '../workers.ts';

export interface Issuing {
  readonly site: Pick<SiteReader<Site>, 'current'>;
  readonly component: Component;
  readonly issuerKey: IssuerKey;
  readonly queue: Queue;
  readonly workers: Workers;
  readonly issued: { add(labels?: Record<string, string>, by?: number): void };
  /** ms */
  readonly now: () => number;
  readonly log: Log;
}

type Request = v.InferOutput<typeof CLOUD.issueLeases.request>;

export function issueLeases(issuing: Issuing) {
  return async (wish: Request, asked: Asked): Promise<unknown> => {
    mustNotBeBlocked(issuing, wish);
    issuing.issuerKey.current();
    issuing.site.current();
    return sendLines(asked.reply, stream(issuing, wish, asked), asked.signal);
  };
}

/** A blocked device gets nothing; a blocked person gets a list of what is withheld. */
function mustNotBeBlocked({ component, now }: Issuing, { device: { jkt } }: Request): void {
  const seconds = Math.floor(now() / 1_000);
  if (findRevocation(listOf(component), { jkt, authorizedAt: seconds }, seconds) !== undefined) throw new HoldfastError('blocked');
}

/** Throws `unavailable` without one: nothing is issued unchecked. */
function listOf(component: Component): RevocationList {
  const { list } = component.trust();
  if (list === undefined) throw new HoldfastError('unavailable', { reason: 'no-list' });
  return list;
}

async function* stream(issuing: Issuing, wish: Request, asked: Asked): AsyncGenerator<string> {
  const { queue, log } = issuing;
  const fields = { correlationId: wish.correlationId, subject: wish.user.subject };
  let turn: Turn | undefined;
  /** Runs once. The record is for administrators: a failed write does not fail the sync. */
  const finish = async (outcome: Parameters<Turn['finish']>[0]) => {
    const mine = turn;
    turn = undefined;
    await mine?.finish(outcome).catch((err: unknown) => log.error({ ...fields, err }, 'Cannot write the record of a lease sync.'));
  };
  try {
    const places: number[] = [];
    let tell = () => {};
    const mine = queue.turn({ subject: wish.user.subject, jkt: wish.device.jkt }, asked.signal, (ahead) => {
      places.push(ahead);
      tell();
    });
    const taken = mine.then((got) => {
      turn = got;
      return got;
    });
    // Awaited below; while a line is being sent, a failure must not count as unhandled.
    taken.catch(() => {});
    let got: Turn | undefined;
    while (got === undefined) {
      const news = new Promise<undefined>((resolve) => {
        tell = () => resolve(undefined);
      });
      const ahead = places.splice(0).at(-1);
      if (ahead !== undefined) yield line({ type: 'queued', ahead });
      got = await Promise.race([taken, news]);
    }
    const leases = yield* build(issuing, wish, got.signal, asked.correlationId);
    await finish({ leases });
    issuing.issued.add({}, leases);
    log.info({ ...fields, leases }, 'Leases issued.');
  } catch (thrown) {
    const error = asked.signal.aborted && !(thrown instanceof HoldfastError) ? new HoldfastError('timeout') : asRefusal(thrown);
    const said = { ...fields, ...refusalFields(error.code === 'internal' ? thrown : error) };
    if (error.code === 'internal') log.error(said, 'Internal error.');
    else log.warn(said, 'Lease sync failed.');
    await finish({ failed: String(error.code) });
    yield line({ type: 'error', error: toWireError(error, wish.correlationId) });
  } finally {
    // The reader disconnected: the generator is closed without an error.
    await finish({ failed: 'unavailable' });
  }
}

async function* build(issuing: Issuing, wish: Request, signal: AbortSignal, correlationId: string): AsyncGenerator<string, number> {
  const { component, site, workers, issuerKey, now } = issuing;
  const { user } = wish;
  const resolved = resolve(site.current(), user, withheldFrom(user, listOf(component), Math.floor(now() / 1_000)));
  // A connector that has just enrolled may be missing from our copy of the directory.
  if (!haveKeys(locationKeysFrom(component.statements()), resolved)) await component.refresh();
  const locationKeys = locationKeysFrom(component.statements());
  const { within: leasable, beyond } = withinReach(locationKeys, resolved);
  if (beyond.length > 0)
    issuing.log.warn({ correlationId, missing: beyond.length }, 'No connector of their locations is enrolled: no leases.');
  const unleased: readonly SetLine[] = [
    ...resolved.unleased.map(({ resource, reason }) => ({ type: 'unleased', resource, reason }) as const),
    ...beyond.map(({ resource }) => ({ type: 'unleased', resource: resourceRef(resource), reason: 'no-connector' }) as const),
  ];
  let digest = EMPTY_SET;
  for (const one of unleased) {
    digest = digestWith(nodeCrypto, digest, one);
    yield line(one);
  }
  const key = issuerKey.current();
  const target = {
    tenant: component.trust().bundle.tenant,
    workspace: wish.workspace,
    user,
    device: wish.device,
    iat: Math.floor(now() / 1_000),
    leaseSeconds: resolved.leaseSeconds,
  };
  let bytes = 0;
  let issued = 0;
  for await (const part of workers.build({ target, leasable, issuerKey: key, locationKeys, digest }, signal)) {
    const { lines, done } = part;
    bytes += lines.length;
    issued += part.leases;
    digest = part.digest;
    if (bytes > LIMITS.leaseSyncBytes) throw new HoldfastError('too_large', { reason: 'too-many-resources' });
    yield `${lines}${line({ type: 'progress', done, total: leasable.length })}`;
  }
  if (issued < leasable.length) {
    const fields = { correlationId, subject: wish.user.subject, missing: leasable.length - issued, groups: wish.user.groups?.length };
    issuing.log.warn(fields, 'This person is in too many groups for the files of some leases.');
  }
  const { listToken } = component.trust();
  if (listToken === undefined) throw new HoldfastError('unavailable', { reason: 'no-list' });
  const set: LeaseSet = {
    tenant: target.tenant,
    workspace: wish.workspace,
    sub: user.subject,
    cnf: { jkt: wish.device.jkt },
    answers: wish.answers,
    leases: issued,
    digest,
    unknown: [...unknownOf(user)],
    deleteOnSignOut: site.current().content.continuity.deleteLeasesOnSignOut,
    iat: target.iat,
  };
  yield line({ type: 'end', set: componentSigner(key).sign(TYP.leaseSet, set), revocations: listToken });
  return issued;
}

function line(value: LeaseSyncLine): string {
  return `${JSON.stringify(value)}\n`;
}
