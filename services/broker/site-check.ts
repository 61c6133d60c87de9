/** Rules for a site document beyond the schema: ids are unique, and references exist. Each complaint has its line. */
import type { SiteDocument } from '#protocol/site-document';
import { complaintsOf, type YamlFile } from '#runtime/service/yaml-file';

type Path = readonly (string | number)[];
interface Named {
  readonly id: string;
  readonly path: Path;
}

/** Throws `bad_config` with every complaint. `tenant`: whose broker takes it, where that is known. */
export function checkReferences({ value: site, at }: YamlFile<SiteDocument>, tenant = site.tenant): void {
  const references = [...duplicates(site), ...unknownReferences(site)].map(({ path, ...what }) => ({ ...what, ...at(path) }));
  const other = site.tenant === tenant ? [] : [{ reason: 'site-tenant' as const, ...at(['tenant']), found: tenant }];
  const complaints = [...other, ...references];
  if (complaints.length > 0) throw complaintsOf(complaints);
}

interface Complaint {
  readonly path: Path;
  readonly reason: 'duplicate-id' | 'unknown-id';
  readonly kind: string;
  readonly id: string;
}

function duplicates(site: SiteDocument): Complaint[] {
  const connectors = site.locations.flatMap((location, l) =>
    location.connectors.map(({ id }, c): Named => ({ id, path: ['locations', l, 'connectors', c, 'id'] })),
  );
  const lists: readonly (readonly [kind: string, named: readonly Named[]])[] = [
    ['location', named('locations', site.locations)],
    ['connector', connectors],
    ['gateway', named('gateways', site.gateways)],
    ['deliveryGroup', named('deliveryGroups', site.deliveryGroups)],
    ['sessionHost', named('sessionHosts', site.sessionHosts)],
    ['resource', named('resources', site.resources)],
    ['web app', named('webApps', site.webApps)],
  ];
  return lists.flatMap(([kind, items]) => {
    const seen = new Set<string>();
    return items.flatMap(({ id, path }) => {
      if (!seen.has(id)) {
        seen.add(id);
        return [];
      }
      return [{ path, reason: 'duplicate-id', kind, id }];
    });
  });
}

function named(list: string, items: readonly { readonly id: string }[]): Named[] {
  return items.map(({ id }, index) => ({ id, path: [list, index, 'id'] }));
}

function unknownReferences(site: SiteDocument): Complaint[] {
  const known = {
    location: new Set(site.locations.map(({ id }) => id)),
    deliveryGroup: new Set(site.deliveryGroups.map(({ id }) => id)),
    sessionHost: new Set(site.sessionHosts.map(({ id }) => id)),
  };
  const check = (kind: keyof typeof known, id: string, path: Path): Complaint[] =>
    known[kind].has(id) ? [] : [{ path, reason: 'unknown-id', kind, id }];
  return [
    ...site.sessionHosts.flatMap((host, index) => [
      ...check('location', host.location, ['sessionHosts', index, 'location']),
      ...check('deliveryGroup', host.deliveryGroup, ['sessionHosts', index, 'deliveryGroup']),
    ]),
    ...site.resources.flatMap((resource, index) => [
      ...resource.deliveryGroups.flatMap((id, g) => check('deliveryGroup', id, ['resources', index, 'deliveryGroups', g])),
      ...(['assigned', 'assignedIds'] as const).flatMap((list) =>
        Object.entries(resource[list] ?? {}).flatMap(([person, id]) => check('sessionHost', id, ['resources', index, list, person])),
      ),
    ]),
  ];
}
