/** Everything of this person that gets a lease, with all that a lease says, and what gets none (B-L1, B-L2, B-L5). */
import type { LeaseLocation, LeaseMetadata, RevocationPolicy } from '#protocol/lease';
import type { PersonPart, ResourceRef } from '#protocol/primitives';
import type { Person } from './entitlement.ts';
import { leasablePlaces, type Place, type Publication, publicationsFor, toLeaseLocation } from './enumerate.ts';
import { resourceRef } from './resource-key.ts';
import type { Site } from './site.ts';
import type { Withheld } from './withheld.ts';

/** One resource with everything a lease of it says. */
export interface Leasable {
  readonly resource: LeaseMetadata['resource'];
  readonly deliveryGroup: string;
  /** location -> the delivery group whose hosts serve it there; `deliveryGroup` where a location is not named */
  readonly hostPools?: Readonly<Record<string, string>>;
  readonly entitledBy: string;
  readonly hangsOn: readonly PersonPart[];
  readonly locations: readonly LeaseLocation[];
  readonly assignedSessionHost?: string;
  readonly revocation: RevocationPolicy;
}

export interface Resolution {
  readonly leaseSeconds: number;
  readonly leasable: readonly Leasable[];
  readonly unleased: readonly { readonly resource: ResourceRef; readonly reason: 'not-allowed' | Withheld }[];
}

const DAY = 86_400;

/** `withheld`: why nothing is leased to this person now. Resources share their locations: each is one object. */
export function resolve(site: Site, user: Person, withheld: Withheld | undefined): Resolution {
  const leaseSeconds = site.content.continuity.leaseDays * DAY;
  const locations = new Map([...site.locations.values()].map((location) => [location, toLeaseLocation(site, location)]));
  const leasable: Leasable[] = [];
  const unleased: Resolution['unleased'][number][] = [];
  for (const publication of publicationsFor(site, user)) {
    const resource = resourceRef(publication.leased);
    const [first, ...others] = leasablePlaces(site, publication);
    if (first === undefined) unleased.push({ resource, reason: 'not-allowed' });
    else if (withheld !== undefined) unleased.push({ resource, reason: withheld });
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
  { entitledBy, hangsOn, assignedSessionHost }: Publication,
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
    hangsOn,
    ...(assignedSessionHost !== undefined && { assignedSessionHost }),
    revocation: { mode: strict ? 'strict' : 'best-effort', maxStaleSeconds: leaseSeconds },
  };
}
