/** What is broken, how, and for which session: the cases of the short and the long run. */
import type { DesktopKind, LocationId } from '../../cli/up/plan.ts';

export interface Outage {
  readonly what: string;
  /** components as `holdfast outage` names them */
  readonly components: readonly string[];
  /** what each of its cases holds as a whole */
  readonly holds?: string;
  /** how the person comes to a portal that shows what opens: by loading the Workspace again, or by a sign-in that fails */
  readonly way: 'reload' | 'sign-in';
  /** the location that is lost with them */
  readonly site?: LocationId;
  /** the person sees nothing of it: a lease is used in silence */
  readonly unseen?: true;
}

const OUTAGES: readonly Outage[] = [
  { what: 'the workspace', components: ['workspace'], holds: 'B-A4a', way: 'reload' },
  { what: 'the identity provider', components: ['identity'], holds: 'B-W6b', way: 'sign-in' },
  { what: 'the broker', components: ['broker'], way: 'reload' },
  { what: 'the ticket service', components: ['tickets'], holds: 'B-W6c', way: 'reload', unseen: true },
  { what: 'the lease issuer', components: ['lease-issuer'], way: 'reload' },
  { what: 'the root of trust', components: ['root-of-trust'], holds: 'B-L6c', way: 'reload' },
  { what: 'one gateway', components: ['gateway-1'], way: 'reload' },
  { what: 'all gateways, with a direct path', components: ['gateway-1', 'gateway-2'], way: 'reload' },
  {
    what: 'both connectors of one site, with the resource also in another',
    components: ['zurich-connector-1', 'zurich-connector-2'],
    holds: 'B-N6a, B-R8a',
    way: 'reload',
    site: 'zurich',
  },
];

export const BROKEN = { stop: 'stopped', hang: 'hung' } as const;
const BREAKS = ['stop', 'hang'] as const;

/** `cold`: the browser is started while the parts are broken. */
type BrowserStart = 'warm' | 'cold';

export interface Case {
  readonly outage: Outage;
  readonly kind: keyof typeof BROKEN;
  readonly viewer: DesktopKind;
  readonly browser: BrowserStart;
}

/** Where the resource of each kind is published, see cli/up/site.ts. One that is nowhere else is lost with its site. */
const SITES: Readonly<Record<DesktopKind, readonly LocationId[]>> = { ssh: ['zurich', 'bern'], vnc: ['zurich'], rdp: ['bern'] };

export function casesOf(viewers: readonly DesktopKind[], browsers: readonly BrowserStart[]): readonly Case[] {
  return OUTAGES.flatMap((outage) =>
    viewers
      .filter((viewer) => SITES[viewer].some((site) => site !== outage.site))
      .flatMap((viewer) => BREAKS.flatMap((kind) => browsers.map((browser) => ({ outage, kind, viewer, browser })))),
  );
}
