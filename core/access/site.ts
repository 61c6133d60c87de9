/** The site configuration, looked up by id; made once for each version of it. */
import type { SiteConfig, SiteLocation, SiteResource, SiteSessionHost } from '#protocol/site-config';

export type DeliveryGroup = SiteConfig['deliveryGroups'][number];

export interface Site {
  readonly config: SiteConfig;
  readonly locations: ReadonlyMap<string, SiteLocation>;
  readonly groups: ReadonlyMap<string, DeliveryGroup>;
  readonly sessionHosts: ReadonlyMap<string, SiteSessionHost>;
  readonly resources: ReadonlyMap<string, SiteResource>;
  /** ids of the locations that have hosts of a delivery group, in the order of the configuration */
  readonly locationsOfGroup: ReadonlyMap<string, readonly string[]>;
}

/** A configuration that names one id twice was refused before: here the later entry would count. */
export function readSite(config: SiteConfig): Site {
  const locationsOfGroup = new Map<string, string[]>();
  for (const { deliveryGroup, location } of config.sessionHosts) {
    const known = locationsOfGroup.get(deliveryGroup) ?? [];
    if (!known.includes(location)) locationsOfGroup.set(deliveryGroup, [...known, location]);
  }
  return {
    config,
    locations: byId(config.locations),
    groups: byId(config.deliveryGroups),
    sessionHosts: byId(config.sessionHosts),
    resources: byId(config.resources),
    locationsOfGroup,
  };
}

function byId<T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}
