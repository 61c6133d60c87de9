/** What one person may see: resources, the locations that publish them, and whether they may be leased (B-R8, B-L1). */
import type { FeedResource } from '#protocol/feed';
import type { LeasedResource, LeaseLocation } from '#protocol/lease';
import type { LaunchMode, PersonPart } from '#protocol/primitives';
import type { SiteLocation, SiteResource } from '#protocol/site-document';
import { fail, pass, type Verdict } from '../verdict.ts';
import { assignmentOf, entitlementOf, isAssigned, type Person } from './entitlement.ts';
import type { DeliveryGroup, Site } from './site.ts';

/** Where a resource opens for one person: a location and the delivery group that serves it there. */
export interface Place {
  readonly location: SiteLocation;
  readonly group: DeliveryGroup;
}

export interface Publication {
  readonly resource: SiteResource;
  /** as leases, tickets and grants name it */
  readonly leased: LeasedResource;
  /** the name in the site document */
  readonly entitledBy: string;
  /** what of the person had to be known for it */
  readonly hangsOn: readonly PersonPart[];
  /** in the order in which they are tried; never empty */
  readonly places: readonly [Place, ...Place[]];
  readonly assignedSessionHost?: string;
}

/** The resource as it is published to this person; undefined when it is not, or when no location has a host for it. */
export function publicationFor(site: Site, resource: SiteResource, user: Person): Publication | undefined {
  const by = entitlementOf(resource, user);
  if (by === undefined) return undefined;
  const assignment = assignmentOf(resource, user);
  // A resource with assigned desktops opens for nobody else: a desktop is not shared by accident.
  if (isAssigned(resource) && assignment === undefined) return undefined;
  const [first, ...others] = assignment === undefined ? placesOf(site, resource) : placesOfSessionHost(site, assignment.sessionHost);
  if (first === undefined) return undefined;
  const { id, name, kind, protocol } = resource;
  const leased = { feed: site.content.feed, id, name, kind, protocol };
  return {
    resource,
    leased,
    entitledBy: by.name,
    hangsOn: [...new Set([...by.hangsOn, ...(assignment?.hangsOn ?? [])])],
    places: [first, ...others],
    ...(assignment !== undefined && { assignedSessionHost: assignment.sessionHost }),
  };
}

/** Everything that is published to this person, in the order of the document. */
export function publicationsFor(site: Site, user: Person): readonly Publication[] {
  return site.content.resources.flatMap((resource) => publicationFor(site, resource, user) ?? []);
}

/** The locations of its delivery groups, in their order; a location counts once, by the first group that is there. */
function placesOf(site: Site, resource: SiteResource): Place[] {
  const places: Place[] = [];
  for (const groupId of resource.deliveryGroups) {
    const group = site.groups.get(groupId);
    for (const locationId of site.locationsOfGroup.get(groupId) ?? []) {
      const location = site.locations.get(locationId);
      if (group === undefined || location === undefined) continue;
      if (!places.some((place) => place.location.id === locationId)) places.push({ location, group });
    }
  }
  return places;
}

function placesOfSessionHost(site: Site, id: string): Place[] {
  const host = site.sessionHosts.get(id);
  const location = host && site.locations.get(host.location);
  const group = host && site.groups.get(host.deliveryGroup);
  return location === undefined || group === undefined ? [] : [{ location, group }];
}

/** The places whose delivery group may be leased; empty when continuity is off for the site. */
export function leasablePlaces(site: Site, { places }: Publication): readonly Place[] {
  return site.content.continuity.enabled === true ? places.filter(({ group }) => group.leasing) : [];
}

/**
 * The delivery groups that may serve a launch, in order: by lease only those that may be leased, whatever a ticket could
 * reach (B-L1). 3022: none of them may.
 */
export function poolsFor(
  { content, groups }: Site,
  { deliveryGroups }: Pick<SiteResource, 'deliveryGroups'>,
  mode: LaunchMode,
): Verdict<readonly string[], 3022> {
  if (mode === 'ticket') return pass(deliveryGroups);
  const leased = content.continuity.enabled === true ? deliveryGroups.filter((id) => groups.get(id)?.leasing) : [];
  return leased.length > 0 ? pass(leased) : fail(3022, { reason: 'not-offline' });
}

/** The feed's entry. The Workspace adds the icon. */
export function toFeedResource(site: Site, publication: Publication): FeedResource {
  const { id, name, kind, protocol, folder } = publication.resource;
  return {
    id,
    name,
    kind,
    protocol,
    ...(folder !== undefined && { folder }),
    locations: publication.places.map(({ location }) => ({ id: location.id, name: location.name })),
    leasable: leasablePlaces(site, publication).length > 0,
  };
}

/** A location as a device needs it: its connectors and gateways. */
export function toLeaseLocation(site: Site, { id, name, connectivity, connectors }: SiteLocation): LeaseLocation {
  return {
    id,
    name,
    connectivity,
    connectors: [...connectors],
    gateways: connectivity === 'inside' ? [] : site.content.gateways.slice(0, 16),
  };
}
