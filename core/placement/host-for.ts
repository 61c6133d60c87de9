/** The session host for a launch, by the site's rules: the broker's decision, and in an outage a connector's. */
import type { LaunchMode, ResourceRef } from '#protocol/primitives';
import { type Publication, poolsFor } from '../access/enumerate.ts';
import type { Site } from '../access/site.ts';
import type { Verdict } from '../verdict.ts';
import { chooseSessionHost, type RegisteredSessionHost } from './session-host.ts';

export interface LaunchDemand {
  readonly location: string;
  readonly resource: ResourceRef;
  readonly user: { readonly subject: string };
  readonly mode: LaunchMode;
}

/** 3022: by lease, none of its delivery groups may be used. 3021: no session host there can take it. */
export function hostFor(
  site: Site,
  { resource: { deliveryGroups, protocol }, ...publication }: Publication,
  { location, resource, user: { subject }, mode }: LaunchDemand,
  hosts: readonly RegisteredSessionHost[],
): Verdict<RegisteredSessionHost, 3021 | 3022> {
  const pools = poolsFor(site, { deliveryGroups }, mode);
  if (!pools.ok) return pools;
  const { assignedSessionHost } = publication;
  const wanted = { location, deliveryGroups: pools.value, protocol, resource, subject };
  return chooseSessionHost(hosts, { ...wanted, ...(assignedSessionHost !== undefined && { assignedSessionHost }) });
}
