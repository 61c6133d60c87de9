/** The session host for a launch, by the site's rules: the broker's decision, and in an outage a connector's. */
import type { LaunchMode, ResourceRef } from '#protocol/primitives';
import { type Publication, poolsFor } from '../access/enumerate.ts';
import type { Site } from '../access/site.ts';
import type { Verdict } from '../verdict.ts';
import { sessionHostNamedAt } from './named-host.ts';
import { chooseSessionHost, type NamedHost, type RegisteredSessionHost } from './session-host.ts';

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
