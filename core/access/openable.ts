/**
 * Whether a resource can be opened now, and if not, why (B-W4, B-W5). Undimmed means: some known path opens it now. Offline that
 * is a valid lease on this device, as reported by the host (never by a cache), with no fresher evidence against it.
 */
import type { FeedResource } from '#protocol/feed';
import type { LeaseState, Reachability, Refusal } from '#protocol/host';
import { resourceKey } from './resource-key.ts';

/** Whether the Workspace itself would launch it: `live` only with a live feed. `unknown` while the first answers are awaited. */
export type WorkspacePath = 'live' | 'unknown' | 'gone';

/** `unknown` while extension and host have not answered yet. */
export type HostPath = 'ready' | 'unknown' | 'no-extension' | 'no-host';

export interface Circumstances {
  /** the feed whose resources are judged */
  readonly feed: string;
  readonly workspace: WorkspacePath;
  /** the internet, for web apps */
  readonly web: WorkspacePath;
  readonly host: HostPath;
  /** by `resourceKey`; `undefined` until the host has listed them */
  readonly leases: ReadonlyMap<string, LeaseState> | undefined;
  /** by location id */
  readonly reachability: ReadonlyMap<string, Reachability>;
  /** launches that a location refused, by `resourceKey`; one goes with the next good answer */
  readonly refusals: ReadonlyMap<string, Refusal>;
  /** launches that the Workspace refused since the last sync: code by `resourceKey` */
  readonly denials: ReadonlyMap<string, string>;
  /** milliseconds since 1970; only dims, never decides access */
  readonly now: number;
}

export type Openable =
  | { readonly can: 'open'; readonly by: 'web' }
  /** `silent`: by the last check no location of it answers this device. It may be tried: a ticket may know newer addresses than a lease */
  | { readonly can: 'open'; readonly by: 'workspace'; readonly silent?: Reachability }
  | {
      readonly can: 'open';
      readonly by: 'lease';
      readonly lease: LeaseState;
      /** the location that answers; absent = not checked yet */
      readonly path: Reachability | undefined;
      /** ends within a day */
      readonly soon: boolean;
    }
  | { readonly can: 'wait' }
  | { readonly can: 'not'; readonly reason: DimReason };

/** The key of the words on a dimmed tile. */
export type DimReason =
  | { readonly why: 'no-lease' }
  | { readonly why: 'lease-ended'; readonly endedAt: number }
  | { readonly why: 'lease-unusable'; readonly code: number | undefined }
  /** the Workspace refused a launch since */
  | { readonly why: 'denied'; readonly code: string }
  /** a location refused a launch, and says so still */
  | { readonly why: 'refused'; readonly refusal: Refusal }
  /** the host knows a signed denial */
  | { readonly why: 'blocked'; readonly code: number }
  | { readonly why: 'web' }
  | { readonly why: 'unreachable'; readonly location: Reachability; readonly lease: LeaseState }
  | { readonly why: 'not-leasable' }
  | { readonly why: 'no-extension' }
  | { readonly why: 'no-host' };

type RemoteResource = Exclude<FeedResource, { kind: 'web' }>;

const DAY_MS = 86_400_000;
/** While the Workspace answers, a refusal that nobody repeats counts no longer: the host asks three times in this time. Milliseconds. */
const REFUSAL_MS = 90_000;

/** The judgement on one tile. `wait`: a deciding answer is still awaited. */
export function openable(resource: FeedResource, now: Circumstances): Openable {
  if (resource.kind === 'web') return webApp(now.web);
  if (now.host === 'no-extension' || now.host === 'no-host') return not({ why: now.host });
  if (now.workspace === 'live') return now.host === 'ready' ? byWorkspace(resource, now) : { can: 'wait' };
  const byLease = openableByLease(resource, now);
  // Until the Workspace has answered, only a known path undims.
  return now.workspace === 'unknown' && byLease.can === 'not' ? { can: 'wait' } : byLease;
}

/** What would happen in an outage: the same judgement without the Workspace. */
export function openableOffline(resource: FeedResource, now: Circumstances): Openable {
  return openable(resource, { ...now, workspace: 'gone', web: 'gone' });
}

/** How many of these leases open now, by the judgement that the tiles get: what the host counts is what the portal shows. */
export function countOpen(
  leases: readonly LeaseState[],
  found: { readonly reachability: readonly Reachability[]; readonly refusals: readonly Refusal[] },
  now: number,
): number {
  const reachability = new Map(found.reachability.map((one) => [one.location, one]));
  const refusals = new Map(found.refusals.map((one) => [resourceKey(one.resource), one]));
  return leases.filter((lease) => byHeldLease(lease, { reachability, refusals, now }).can === 'open').length;
}

function byWorkspace({ id, locations }: RemoteResource, { feed, refusals, reachability, now }: Circumstances): Openable {
  const refusal = refusals.get(resourceKey({ feed, id }));
  if (refusal !== undefined && now - refusal.at < REFUSAL_MS) return not({ why: 'refused', refusal });
  const found = locations.map((location) => reachability.get(location.id));
  const [silent] = found.every((location) => location?.state === 'unreachable') ? found : [];
  return { can: 'open', by: 'workspace', ...(silent !== undefined && { silent }) };
}

function openableByLease(resource: RemoteResource, now: Circumstances): Openable {
  if (now.leases === undefined) return { can: 'wait' };
  const key = resourceKey({ feed: now.feed, id: resource.id });
  const lease = now.leases.get(key);
  if (lease === undefined) return not(resource.leasable ? { why: 'no-lease' } : { why: 'not-leasable' });
  const denial = now.denials.get(key);
  if (denial !== undefined) return not({ why: 'denied', code: denial });
  return byHeldLease(lease, now);
}

/** The host's judgement of the lease, then whether any of its locations may still answer. */
function byHeldLease(lease: LeaseState, now: Pick<Circumstances, 'reachability' | 'refusals' | 'now'>): Openable {
  const endsAt = lease.exp * 1_000;
  switch (lease.state) {
    case 'invalid':
      return not({ why: 'lease-unusable', code: lease.code });
    case 'denied':
      return not({ why: 'blocked', code: lease.code ?? 3022 });
    case 'expired':
      return not({ why: 'lease-ended', endedAt: endsAt });
    case 'valid':
      if (endsAt <= now.now) return not({ why: 'lease-ended', endedAt: endsAt });
  }
  const checked = lease.locations.map((id) => now.reachability.get(id)).filter((found) => found !== undefined);
  const lost = checked.filter((found) => found.state === 'unreachable');
  const nearest = lost[0];
  if (nearest !== undefined && lost.length === lease.locations.length) return not({ why: 'unreachable', location: nearest, lease });
  const refusal = now.refusals.get(resourceKey(lease.resource));
  if (refusal !== undefined) return not({ why: 'refused', refusal });
  const path = checked.find((found) => found.state === 'reachable');
  return { can: 'open', by: 'lease', lease, path, soon: endsAt - now.now < DAY_MS };
}

function webApp(web: WorkspacePath): Openable {
  if (web === 'live') return { can: 'open', by: 'web' };
  return web === 'unknown' ? { can: 'wait' } : not({ why: 'web' });
}

function not(reason: DimReason): Openable {
  return { can: 'not', reason };
}
