/** Everything of this person that gets a lease, with all that a lease says, and what gets none (B-L1, B-L2, B-L5). */
import type * as v from 'valibot';
import { leasablePlaces, type Publication, publicationsFor, toLeaseLocation } from '#core/access/enumerate';
import { resourceRef } from '#core/access/resource-key';
import type { Site } from '#core/access/site';
import type { CLOUD, Resolution } from '#protocol/cloud-api';
import { type Brokering, isBlocked } from '../brokering.ts';

type Call = typeof CLOUD.resolve;

const DAY = 86_400;

export function resolve(brokering: Brokering) {
  return async ({ user }: v.InferOutput<Call['request']>): Promise<Resolution> => {
    const { site } = brokering.site.current();
    const leaseSeconds = (site.content.continuity.leaseDays ?? 0) * DAY;
    const blocked = isBlocked(brokering, user);
    const locations = [...site.locations.values()].map((location) => toLeaseLocation(site, location));
    const reply: Resolution = { leaseSeconds, locations, leasable: [], unleased: [] };
    for (const publication of publicationsFor(site, user)) {
      const leasable = toLeasable(site, publication, leaseSeconds);
      const resource = resourceRef(publication.leased);
      if (leasable === undefined) reply.unleased.push({ resource, reason: 'not-allowed' });
      else if (blocked) reply.unleased.push({ resource, reason: 'blocked' });
      else reply.leasable.push(leasable);
    }
    return reply;
  };
}

function toLeasable(site: Site, publication: Publication, leaseSeconds: number): Resolution['leasable'][number] | undefined {
  const places = leasablePlaces(site, publication);
  const [first] = places;
  if (first === undefined) return undefined;
  const strict = places.some(({ group }) => group.revocation === 'strict');
  return {
    resource: publication.leased,
    deliveryGroup: first.group.id,
    ...(places.some(({ group }) => group.id !== first.group.id) && {
      hostPools: Object.fromEntries(places.map(({ location, group }) => [location.id, group.id])),
    }),
    entitledBy: publication.entitledBy,
    locations: places.map(({ location }) => location.id),
    ...(publication.assignedSessionHost !== undefined && { assignedSessionHost: publication.assignedSessionHost }),
    revocation: { mode: strict ? 'strict' : 'best-effort', maxStaleSeconds: leaseSeconds },
  };
}
