/**
 * A location's part of the site document: all that a connector needs to open gateways' doors, to know its session hosts and to broker
 * for its own location, and nothing of the others. What opens there opens by the part as by the whole.
 */
import type { AccessRules, SiteResource, SiteSessionHost } from '#protocol/site-document';
import { type Assignments, isAssigned } from './entitlement.ts';

/** The result gives a location's part; an unknown location's is empty. Each is made once. */
export function locationParts(rules: AccessRules): (location: string) => AccessRules {
  const hostsOf = Map.groupBy(rules.sessionHosts, ({ location }) => location);
  const made = new Map<string, AccessRules>();
  return (location) => {
    const part = made.get(location) ?? partOf(rules, location, hostsOf.get(location) ?? []);
    made.set(location, part);
    return part;
  };
}

function partOf(rules: AccessRules, location: string, sessionHosts: readonly SiteSessionHost[]): AccessRules {
  const hosts = new Set(sessionHosts.map(({ id }) => id));
  const groups = new Set(sessionHosts.map(({ deliveryGroup }) => deliveryGroup));
  const resources = rules.resources.flatMap((resource) => resourceAt(resource, hosts, groups));
  // An assigned desktop's own group may be another than those of its resource.
  const named = new Set([...groups, ...resources.flatMap(({ deliveryGroups }) => deliveryGroups)]);
  return {
    tenant: rules.tenant,
    site: rules.site,
    feed: rules.feed,
    continuity: rules.continuity,
    locations: rules.locations.filter(({ id }) => id === location),
    gateways: rules.gateways,
    deliveryGroups: rules.deliveryGroups.filter(({ id }) => named.has(id)),
    sessionHosts: [...sessionHosts],
    resources,
  };
}

/** The resource as it opens there, with those of its groups and assignments that are there; none when it opens elsewhere only. */
function resourceAt(resource: SiteResource, hosts: ReadonlySet<string>, groups: ReadonlySet<string>): SiteResource[] {
  const here = resource.deliveryGroups.filter((id) => groups.has(id));
  if (!isAssigned(resource)) return here.length === 0 ? [] : [{ ...resource, deliveryGroups: here }];
  const { assigned, assignedIds, ...rest } = resource;
  const kept = { ...assignedAt('assigned', assigned, hosts), ...assignedAt('assignedIds', assignedIds, hosts) };
  if (Object.keys(kept).length === 0) return [];
  return [{ ...rest, ...kept, deliveryGroups: here.length === 0 ? resource.deliveryGroups : here }];
}

/** Those of the assignments that lead to a host there, under their name; nothing where there are none. */
function assignedAt<K extends keyof Assignments>(name: K, assignments: Assignments[K] = {}, hosts: ReadonlySet<string>): Assignments {
  const here = Object.entries(assignments).filter(([, host]) => hosts.has(host));
  return here.length === 0 ? {} : { [name]: Object.fromEntries(here) };
}
