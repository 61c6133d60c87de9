/** Rules for `site.yaml` beyond the schema: ids are unique, and references exist. Each complaint has its line. */
import { HoldfastError } from '#protocol/errors';
import type { SiteDocument } from '#protocol/site-document';
import type { YamlFile } from '#runtime/service/yaml-file';

type Path = readonly (string | number)[];
interface Named {
  readonly id: string;
  readonly path: Path;
}

/** Throws `bad_config` with every complaint, at most `COMPLAINTS_MAX`. */
export function checkReferences({ value: site, at }: YamlFile<SiteDocument>): void {
  const complaints = [...duplicates(site), ...unknownReferences(site)].map(({ path, says }) => `${at(path)}: ${says}`);
  if (complaints.length > 0) throw new HoldfastError('bad_config', complaints.slice(0, COMPLAINTS_MAX).join('\n'));
}

const COMPLAINTS_MAX = 10;

interface Complaint {
  readonly path: Path;
  readonly says: string;
}

function duplicates(site: SiteDocument): Complaint[] {
  const connectors = site.locations.flatMap((location, l) =>
    location.connectors.map(({ id }, c): Named => ({ id, path: ['locations', l, 'connectors', c, 'id'] })),
  );
  const lists: readonly (readonly [what: string, named: readonly Named[]])[] = [
    ['location', named('locations', site.locations)],
    ['connector', connectors],
    ['gateway', named('gateways', site.gateways)],
    ['delivery group', named('deliveryGroups', site.deliveryGroups)],
    ['session host', named('sessionHosts', site.sessionHosts)],
    ['resource', named('resources', site.resources)],
  ];
  return lists.flatMap(([what, items]) => {
    const seen = new Set<string>();
    return items.flatMap(({ id, path }) => {
      if (!seen.has(id)) {
        seen.add(id);
        return [];
      }
      return [{ path, says: `there is another ${what} "${id}" above.` }];
    });
  });
}

function named(list: string, items: readonly { readonly id: string }[]): Named[] {
  return items.map(({ id }, index) => ({ id, path: [list, index, 'id'] }));
}

function unknownReferences(site: SiteDocument): Complaint[] {
  const known = {
    location: new Set(site.locations.map(({ id }) => id)),
    'delivery group': new Set(site.deliveryGroups.map(({ id }) => id)),
    'session host': new Set(site.sessionHosts.map(({ id }) => id)),
  };
  const check = (what: keyof typeof known, id: string, path: Path): Complaint[] =>
    known[what].has(id) ? [] : [{ path, says: `there is no ${what} "${id}".` }];
  return [
    ...site.sessionHosts.flatMap((host, index) => [
      ...check('location', host.location, ['sessionHosts', index, 'location']),
      ...check('delivery group', host.deliveryGroup, ['sessionHosts', index, 'deliveryGroup']),
    ]),
    ...site.resources.flatMap((resource, index) => [
      ...resource.deliveryGroups.flatMap((id, g) => check('delivery group', id, ['resources', index, 'deliveryGroups', g])),
      ...Object.entries(resource.assigned ?? {}).flatMap(([upn, id]) => check('session host', id, ['resources', index, 'assigned', upn])),
    ]),
  ];
}
