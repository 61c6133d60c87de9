/** The session host for a launch, by the site's rules: the broker's decision, and in an outage a connector's. */
import type { LaunchMode, ResourceRef } from '#protocol/primitives';
import { type Publication, poolsFor, publicationFor } from '../access/enumerate.ts';
import { resourceKey } from '../access/resource-key.ts';
import type { Site } from '../access/site.ts';
import { fail, pass, type Verdict } from '../verdict.ts';
import { sessionHostNamedAt } from './named-host.ts';
import { chooseSessionHost, type NamedHost, type RegisteredSessionHost } from './session-host.ts';

/** A session host, and the resource as it is published to the person. */
export interface Placement {
  readonly publication: Publication;
  readonly sessionHost: RegisteredSessionHost;
}

/** What a connector decides by its copy of the site document. 3021: not published, or no session host can take it; 3022: not to this person. */
export function placeByCopy(
  site: Site,
  demand: LaunchDemand & { readonly user: Parameters<typeof publicationFor>[2] },
  hosts: readonly RegisteredSessionHost[],
): Verdict<Placement, 3021 | 3022> {
  const resource = site.resources.get(resourceKey(demand.resource));
  if (resource === undefined) return fail(3021, { reason: 'not-published' });
  const publication = publicationFor(site, resource, demand.user);
  if (publication === undefined) return fail(3022, { reason: 'not-entitled' });
  const chosen = hostFor(site, publication, demand, hosts);
  return chosen.ok ? pass({ publication, sessionHost: chosen.value }) : chosen;
}

export interface LaunchDemand {
  readonly location: string;
  readonly resource: ResourceRef;
  readonly user: { readonly subject: string };
  readonly mode: LaunchMode;
}

/**
 * Of `hosts`, those count that the site document names at the location, in the delivery group that it gives them. 3022: by lease,
 * none of the resource's delivery groups may be used. 3021: no session host there can take it.
 */
export function hostFor(
  site: Site,
  { resource: { deliveryGroups, protocol }, ...publication }: Publication,
  { location, resource, user: { subject }, mode }: LaunchDemand,
  hosts: readonly RegisteredSessionHost[],
): Verdict<NamedHost, 3021 | 3022> {
  const pools = poolsFor(site, { deliveryGroups }, mode);
  if (!pools.ok) return pools;
  const { assignedSessionHost } = publication;
  const wanted = { deliveryGroups: pools.value, protocol, resource, subject };
  const candidates = hosts.flatMap((host): NamedHost[] => {
    const named = sessionHostNamedAt(site, location, host.id);
    return named === undefined ? [] : [{ ...host, deliveryGroup: named.deliveryGroup }];
  });
  return chooseSessionHost(candidates, { ...wanted, ...(assignedSessionHost !== undefined && { assignedSessionHost }) });
}
