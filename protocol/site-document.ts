/**
 * The site document: everything an administrator decides about a site, in one place. The broker owns it and keeps every version;
 * YAML is its import and export. The other services keep a copy, or the part of it that they need.
 */
import * as v from 'valibot';
import { BROKER_FEED } from './feed.ts';
import { Connectivity, Endpoint, LeaseDays } from './lease.ts';
import { LIMITS, TIMES } from './limits.ts';
import { GroupName, PersonId, PersonName } from './names.ts';
import { Id, Name, SessionProtocol, WebAddress } from './primitives.ts';

const Location = v.strictObject({
  id: Id,
  name: Name,
  connectivity: v.optional(Connectivity, 'both'),
  connectors: v.pipe(v.array(Endpoint), v.minLength(1), v.maxLength(16)),
});

const DeliveryGroup = v.strictObject({
  id: Id,
  name: Name,
  /** may its resources be leased (B-L1, B-L7) */
  leasing: v.optional(v.boolean(), true),
  revocation: v.optional(v.picklist(['best-effort', 'strict']), 'best-effort'),
});

const SessionHost = v.strictObject({
  id: Id,
  location: Id,
  deliveryGroup: Id,
});

const Resource = v.strictObject({
  id: Id,
  name: Name,
  kind: v.picklist(['app', 'desktop']),
  protocol: SessionProtocol,
  folder: v.optional(Name),
  /** name of a built-in icon */
  icon: v.optional(Id),
  /** pools that can host it; their session hosts' locations, in this order, are the resource's locations */
  deliveryGroups: v.pipe(v.array(Id), v.minLength(1), v.maxLength(32)),
  /** user principal names, people's ids at the provider (which outlive a change of name), and groups; compared as `names.ts` says */
  entitled: v.strictObject({
    users: v.optional(v.array(PersonName), []),
    ids: v.optional(v.array(PersonId)),
    groups: v.optional(v.array(GroupName), []),
  }),
  /** a desktop assigned to one person: session host id by user principal name */
  assigned: v.optional(v.record(PersonName, Id)),
  /** the same by the person's id at the provider; it counts before the name */
  assignedIds: v.optional(v.record(PersonId, Id)),
});

/** Links of the web feed (B-F1). */
const WebApp = v.strictObject({ id: Id, name: Name, url: WebAddress, icon: v.optional(Id), folder: v.optional(Name) });

const Portal = v.strictObject({
  /** name of the Workspace, as people read it */
  name: v.optional(Name, 'Workspace'),
  /** portals on premises (B-W15) */
  fallbackUrls: v.optional(v.pipe(v.array(WebAddress), v.maxLength(16)), []),
});

const Continuity = v.strictObject({
  enabled: v.optional(v.boolean(), true),
  leaseDays: v.optional(LeaseDays, TIMES.leaseDays),
  deleteLeasesOnSignOut: v.optional(v.boolean(), true),
});

/** Rules across its parts are the broker's to check. */
export const SiteDocument = v.strictObject({
  tenant: Id,
  site: v.strictObject({ id: Id, name: Name }),
  /** the feed of its resources, as leases, tickets and grants name it; the Workspace lists the broker by the same */
  feed: v.optional(Id, BROKER_FEED),
  portal: v.optional(Portal, () => v.parse(Portal, {})),
  continuity: v.optional(Continuity, () => v.parse(Continuity, {})),
  locations: v.pipe(v.array(Location), v.minLength(1), v.maxLength(1_000)),
  gateways: v.pipe(v.array(Endpoint), v.maxLength(100)),
  deliveryGroups: v.pipe(v.array(DeliveryGroup), v.minLength(1), v.maxLength(10_000)),
  sessionHosts: v.pipe(v.array(SessionHost), v.maxLength(100_000)),
  resources: v.pipe(v.array(Resource), v.maxLength(LIMITS.resources)),
  webApps: v.optional(v.pipe(v.array(WebApp), v.maxLength(LIMITS.resources)), []),
});
export type SiteDocument = v.InferOutput<typeof SiteDocument>;
export type SiteResource = SiteDocument['resources'][number];
export type SiteSessionHost = SiteDocument['sessionHosts'][number];
export type SiteLocation = SiteDocument['locations'][number];

/**
 * What decides who may open what, and where: the lease issuer reads all of it, a connector its own location's part. A location may have
 * nothing yet.
 */
export const AccessRules = v.object({
  ...v.omit(SiteDocument, ['portal', 'webApps']).entries,
  locations: v.pipe(v.array(Location), v.maxLength(1_000)),
  deliveryGroups: v.pipe(v.array(DeliveryGroup), v.maxLength(10_000)),
});
export type AccessRules = v.InferOutput<typeof AccessRules>;

/** What the Workspace reads: nothing about who may open what. */
export const PortalSettings = v.pick(SiteDocument, ['portal', 'continuity', 'webApps']);
export type PortalSettings = v.InferOutput<typeof PortalSettings>;
