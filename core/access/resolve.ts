/** Everything of this person that gets a lease, with all that a lease says, and what gets none (B-L1, B-L2, B-L5). */
import type { LeaseLocation, LeaseMetadata, RevocationPolicy } from '#protocol/lease';
import type { ResourceRef, User } from '#protocol/primitives';
import { leasablePlaces, type Place, type Publication, publicationsFor, toLeaseLocation } from './enumerate.ts';
import { resourceRef } from './resource-key.ts';
import type { Site } from './site.ts';

/** One resource with everything a lease of it says. */
export interface Leasable {
  readonly resource: LeaseMetadata['resource'];
  readonly deliveryGroup: string;
  /** location -> the delivery group whose hosts serve it there; `deliveryGroup` where a location is not named */
  readonly hostPools?: Readonly<Record<string, string>>;
  readonly entitledBy: string;
  readonly locations: readonly LeaseLocation[];
  readonly assignedSessionHost?: string;
  readonly revocation: RevocationPolicy;
}

export interface Resolution {
  readonly leaseSeconds: number;
  readonly leasable: readonly Leasable[];
  readonly unleased: readonly { readonly resource: ResourceRef; readonly reason: 'not-allowed' | 'blocked' }[];
}

const DAY = 86_400;

/** `blocked`: nothing is leased to this person now. Resources share their locations: each is one object. */
export function resolve(site: Site, user: User, blocked: boolean): Resolution {
  const leaseSeconds = site.content.continuity.leaseDays * DAY;
  const locations = new Map([...site.locations.values()].map((location) => [location, toLeaseLocation(site, location)]));
  const leasable: Leasable[] = [];
  const unleased: Resolution['unleased'][number][] = [];
  for (const publication of publicationsFor(site, user)) {
    const resource = resourceRef(publication.leased);
    const [first, ...others] = leasablePlaces(site, publication);
    if (first === undefined) unleased.push({ resource, reason: 'not-allowed' });
    else if (blocked) unleased.push({ resource, reason: 'blocked' });
    else {
      const places = [first, ...others] as const;
      leasable.push({
        ...toLeasable(publication, places, leaseSeconds),
        resource: publication.leased,
        locations: places.flatMap(({ location }) => locations.get(location) ?? []),
      });
    }
  }
  return { leaseSeconds, leasable, unleased };
}

function toLeasable(
  { entitledBy, assignedSessionHost }: Publication,
  places: readonly [Place, ...Place[]],
  leaseSeconds: number,
): Omit<Leasable, 'resource' | 'locations'> {
  const [{ group: first }] = places;
  const strict = places.some(({ group }) => group.revocation === 'strict');
  return {
    deliveryGroup: first.id,
    ...(places.some(({ group }) => group.id !== first.id) && {
      hostPools: Object.fromEntries(places.map(({ location, group }) => [location.id, group.id])),
    }),
    entitledBy,
    ...(assignedSessionHost !== undefined && { assignedSessionHost }),
    revocation: { mode: strict ? 'strict' : 'best-effort', maxStaleSeconds: leaseSeconds },
  };
}
