/** What the site document says about access, or a location's part of it, indexed by id; built once per version. */
import type { AccessRules, SiteLocation, SiteResource, SiteSessionHost } from '#protocol/site-document';
import { resourceKey } from './resource-key.ts';

export type DeliveryGroup = AccessRules['deliveryGroups'][number];

export interface Site {
  readonly content: AccessRules;
  readonly locations: ReadonlyMap<string, SiteLocation>;
  readonly groups: ReadonlyMap<string, DeliveryGroup>;
  readonly sessionHosts: ReadonlyMap<string, SiteSessionHost>;
  /** by `resourceKey` */
  readonly resources: ReadonlyMap<string, SiteResource>;
  /** ids of the locations that have hosts of a delivery group, in the order of the document */
  readonly locationsOfGroup: ReadonlyMap<string, readonly string[]>;
}

/** Duplicate ids were refused before; here the later entry would win. */
export function readSite(content: AccessRules): Site {
  const locationsOfGroup = new Map<string, string[]>();
  for (const { deliveryGroup, location } of content.sessionHosts) {
    const known = locationsOfGroup.get(deliveryGroup) ?? [];
    if (!known.includes(location)) locationsOfGroup.set(deliveryGroup, [...known, location]);
  }
  return {
    content,
    locations: byId(content.locations),
    groups: byId(content.deliveryGroups),
    sessionHosts: byId(content.sessionHosts),
    resources: new Map(content.resources.map((resource) => [resourceKey({ feed: content.feed, id: resource.id }), resource])),
    locationsOfGroup,
  };
}

function byId<T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}
