/**
 * What one machine runs: every component with its ports, as a table. Ports are `base + n` on 127.0.0.1; a component's
 * management port (/livez, /readyz, /metrics) is its own port + MANAGEMENT.
 */

export const HOST = '127.0.0.1';
export const DEFAULT_PORT_BASE = 7400;
/** Distance from a component's port to its management port. */
const MANAGEMENT = 40;
/** Ports from the base on that belong to one `up`. */
export const PORT_SPAN = 80;

/** Folder below `services/`. */
export type Service =
  | 'workspace'
  | 'identity'
  | 'broker'
  | 'tickets'
  | 'lease-issuer'
  | 'root-of-trust'
  | 'gateway'
  | 'connector'
  | 'session-host';
export type DesktopKind = 'ssh' | 'vnc' | 'rdp';

export interface Component {
  readonly name: string;
  readonly service: Service;
  /** distance from the base port */
  readonly n: number;
  readonly location?: LocationId;
  readonly deliveryGroup?: string;
  /** session hosts: the desktop behind the agent */
  readonly desktop?: string;
}

export interface Desktop {
  readonly name: string;
  readonly kind: DesktopKind;
}

export const LOCATIONS = [
  { id: 'zurich', name: 'Zurich' },
  { id: 'bern', name: 'Bern' },
] as const;
export type LocationId = (typeof LOCATIONS)[number]['id'];

/** None of them has a port: their agents reach them by private sockets. */
export const DESKTOPS: readonly Desktop[] = [
  { name: 'zurich-ssh', kind: 'ssh' },
  { name: 'bern-ssh', kind: 'ssh' },
  { name: 'zurich-vnc', kind: 'vnc' },
  { name: 'bern-rdp', kind: 'rdp' },
];

export const COMPONENTS: readonly Component[] = [
  { name: 'workspace', service: 'workspace', n: 0 },
  { name: 'identity', service: 'identity', n: 1 },
  { name: 'broker', service: 'broker', n: 2 },
  { name: 'tickets', service: 'tickets', n: 3 },
  { name: 'lease-issuer', service: 'lease-issuer', n: 4 },
  { name: 'root-of-trust', service: 'root-of-trust', n: 5 },
  { name: 'gateway-1', service: 'gateway', n: 6 },
  { name: 'gateway-2', service: 'gateway', n: 7 },
  { name: 'zurich-connector-1', service: 'connector', n: 8, location: 'zurich' },
  { name: 'zurich-connector-2', service: 'connector', n: 9, location: 'zurich' },
  { name: 'bern-connector-1', service: 'connector', n: 10, location: 'bern' },
  { name: 'bern-connector-2', service: 'connector', n: 11, location: 'bern' },
  {
    name: 'zurich-terminal-1',
    service: 'session-host',
    n: 12,
    location: 'zurich',
    deliveryGroup: 'zurich-terminals',
    desktop: 'zurich-ssh',
  },
  { name: 'bern-terminal-1', service: 'session-host', n: 13, location: 'bern', deliveryGroup: 'bern-terminals', desktop: 'bern-ssh' },
  { name: 'bern-payroll-1', service: 'session-host', n: 14, location: 'bern', deliveryGroup: 'payroll', desktop: 'bern-ssh' },
  { name: 'zurich-desktop-1', service: 'session-host', n: 15, location: 'zurich', deliveryGroup: 'linux-desktops', desktop: 'zurich-vnc' },
  { name: 'bern-desktop-1', service: 'session-host', n: 16, location: 'bern', deliveryGroup: 'office-desktops', desktop: 'bern-rdp' },
];

const CLOUD: readonly Service[] = ['workspace', 'identity', 'broker', 'tickets', 'lease-issuer', 'root-of-trust'];

/** Names that stand for several components in `holdfast outage`. */
export const GROUPS: Readonly<Record<string, (component: Component) => boolean>> = {
  cloud: (component) => CLOUD.includes(component.service),
  pops: (component) => component.service === 'gateway',
  zurich: (component) => component.location === 'zurich',
  bern: (component) => component.location === 'bern',
};

export interface Ports {
  readonly port: number;
  readonly management: number;
}

export function portsOf(component: Component, base: number): Ports {
  return { port: base + component.n, management: base + component.n + MANAGEMENT };
}

/** As browsers and other components reach it. The workspace and identity have an origin of their own. */
export function urlOf(component: Component, base: number): string {
  const { port } = portsOf(component, base);
  if (component.service === 'workspace' || component.service === 'identity') return `http://${component.name}.localhost:${port}`;
  return `https://${HOST}:${port}`;
}

export function componentNamed(name: string): Component {
  const component = COMPONENTS.find((one) => one.name === name);
  if (component === undefined) throw new TypeError(`no ${name} in the plan`);
  return component;
}

/** The component or the group of that name; empty when there is none. */
export function componentsNamed(name: string, components: readonly Component[]): readonly Component[] {
  const group = GROUPS[name];
  return components.filter(group ?? ((component) => component.name === name));
}
