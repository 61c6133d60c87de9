/** Chooses the session host for a new session: for the broker, and in an outage for the secondary broker (B-R6, B-N16). */
import type { Registration } from '#protocol/channel';
import type { ResourceRef, SessionProtocol } from '#protocol/primitives';
import { isSameResource } from '../access/resource-key.ts';
import { fail, pass, type Verdict } from '../verdict.ts';

/** A session host that is registered now. */
export interface RegisteredSessionHost extends Registration {
  /** recently granted sessions that it has not reported yet: without them a wave of launches would hit one session host */
  readonly promised: number;
}

/** One that the site document names, with the delivery group that the document gives it: it does not choose its own. */
export interface NamedHost extends RegisteredSessionHost {
  readonly deliveryGroup: string;
}

export interface Wanted {
  /** pools that can host it, in no order of preference */
  readonly deliveryGroups: readonly string[];
  readonly protocol: SessionProtocol;
  readonly resource: ResourceRef;
  readonly subject: string;
  /** the person's assigned desktop: this session host or none */
  readonly assignedSessionHost?: string;
}

/**
 * The assigned session host if there is one; else the one where the person left a session of this resource; else the least
 * loaded one. 3021: no session host of its pools is registered here, or all are full (another location may have it).
 */
export function chooseSessionHost(hosts: readonly NamedHost[], wanted: Wanted): Verdict<NamedHost, 3021> {
  const able = hosts.filter((host) => canHost(host, wanted));
  if (able.length === 0) {
    return fail(3021, { reason: wanted.assignedSessionHost === undefined ? 'not-registered' : 'host-off' });
  }
  const own = able.find((host) =>
    host.sessions.some((session) => session.subject === wanted.subject && isSameResource(session.resource, wanted.resource)),
  );
  if (own !== undefined) return pass(own);
  const [least] = able.filter(hasRoom).sort((a, b) => load(a) - load(b) || (a.id < b.id ? -1 : 1));
  return least === undefined ? fail(3021, { reason: 'full' }) : pass(least);
}

function canHost(host: NamedHost, wanted: Wanted): boolean {
  if (!host.protocols.includes(wanted.protocol)) return false;
  return wanted.assignedSessionHost === undefined
    ? wanted.deliveryGroups.includes(host.deliveryGroup)
    : host.id === wanted.assignedSessionHost;
}

function hasRoom(host: RegisteredSessionHost): boolean {
  return host.sessions.length + host.promised < host.maxSessions;
}

/** Share of its sessions in use, 0 to 1, of a host that has room for any. */
function load(host: RegisteredSessionHost): number {
  return (host.sessions.length + host.promised) / host.maxSessions;
}
