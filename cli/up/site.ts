/** The site of one machine: its site document. One resource in both locations, others in one, one that may not be leased. */
import type * as v from 'valibot';
import type { SiteDocument } from '#protocol/site-document';
import { COMPONENTS, type Component, HOST, LOCATIONS, portsOf, type Service } from './plan.ts';

export const TENANT = 'local';

/** `components`: those that are really started; a desktop that can't be had is not published. */
export function siteOf(base: number, components: readonly Component[]): v.InferInput<typeof SiteDocument> {
  const hosts = components.filter(({ service }) => service === 'session-host');
  const groups = DELIVERY_GROUPS.filter(({ id }) => hosts.some(({ deliveryGroup }) => deliveryGroup === id));
  return {
    tenant: TENANT,
    site: { id: 'local', name: 'This machine' },
    portal: { name: 'Holdfast' },
    continuity: { enabled: true, leaseDays: 7, deleteLeasesOnSignOut: true },
    locations: LOCATIONS.map(({ id, name }) => ({
      id,
      name,
      connectivity: 'both',
      connectors: endpoints(base, 'connector', id),
    })),
    gateways: endpoints(base, 'gateway'),
    deliveryGroups: groups.map((group) => ({ ...group })),
    sessionHosts: hosts.map(({ name, location = 'zurich', deliveryGroup = '' }) => ({ id: name, location, deliveryGroup })),
    resources: RESOURCES.flatMap((resource) => {
      const deliveryGroups = resource.deliveryGroups.filter((id) => groups.some((group) => group.id === id));
      return deliveryGroups.length === 0 ? [] : [{ ...resource, deliveryGroups }];
    }),
    webApps: [
      { id: 'handbook', name: 'Handbook', url: 'https://www.example.org/handbook', icon: 'web', folder: 'Web' },
      { id: 'timesheets', name: 'Timesheets', url: 'https://www.example.org/timesheets', icon: 'web', folder: 'Web' },
    ],
  };
}

const DELIVERY_GROUPS = [
  { id: 'zurich-terminals', name: 'Terminals in Zurich' },
  { id: 'bern-terminals', name: 'Terminals in Bern' },
  { id: 'linux-desktops', name: 'Linux desktops' },
  { id: 'office-desktops', name: 'Office desktops' },
  { id: 'payroll', name: 'Payroll', leasing: false },
];

const RESOURCES: v.InferInput<typeof SiteDocument>['resources'] = [
  {
    id: 'terminal',
    name: 'Terminal',
    kind: 'app',
    protocol: 'ssh',
    folder: 'Apps',
    icon: 'terminal',
    deliveryGroups: ['zurich-terminals', 'bern-terminals'],
    entitled: { groups: ['Staff'] },
  },
  {
    id: 'build-server',
    name: 'Build server',
    kind: 'app',
    protocol: 'ssh',
    folder: 'Apps',
    icon: 'server',
    deliveryGroups: ['zurich-terminals'],
    entitled: { groups: ['Engineering'] },
  },
  {
    id: 'archive',
    name: 'Archive',
    kind: 'app',
    protocol: 'ssh',
    folder: 'Apps',
    icon: 'server',
    deliveryGroups: ['bern-terminals'],
    entitled: { groups: ['Staff'] },
  },
  {
    id: 'payroll',
    name: 'Payroll',
    kind: 'app',
    protocol: 'ssh',
    folder: 'Apps',
    icon: 'terminal',
    deliveryGroups: ['payroll'],
    entitled: { groups: ['Finance'], users: ['alice@holdfast.localhost'] },
  },
  {
    id: 'linux-desktop',
    name: 'Linux desktop',
    kind: 'desktop',
    protocol: 'vnc',
    folder: 'Desktops',
    icon: 'desktop',
    deliveryGroups: ['linux-desktops'],
    entitled: { groups: ['Staff'] },
  },
  {
    id: 'office-desktop',
    name: 'Office desktop',
    kind: 'desktop',
    protocol: 'rdp',
    folder: 'Desktops',
    icon: 'desktop',
    deliveryGroups: ['office-desktops'],
    entitled: { groups: ['Staff'] },
  },
];

function endpoints(base: number, service: Service, location?: string): { id: string; address: { host: string; port: number } }[] {
  return COMPONENTS.filter((component) => component.service === service && (location === undefined || component.location === location)).map(
    (component) => ({ id: component.name, address: { host: HOST, port: portsOf(component, base).port } }),
  );
}
