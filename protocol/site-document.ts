/** The broker's configuration (`site.yaml`): locations, delivery groups, session hosts, resources. Connectors keep a copy of it. */
import * as v from 'valibot';
import { BROKER_FEED } from './feed.ts';
import { Connectivity, Endpoint, LeaseDays } from './lease.ts';
import { LIMITS, TIMES } from './limits.ts';
import { Id, Name, SessionProtocol } from './primitives.ts';

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

/** Sessions at the same time on one session host. */
export const MaxSessions = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(LIMITS.hostSessions));

const SessionHost = v.strictObject({
  id: Id,
  location: Id,
  deliveryGroup: Id,
  maxSessions: v.optional(MaxSessions, 100),
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
  /** user principal names and group names */
  entitled: v.strictObject({ users: v.optional(v.array(Name), []), groups: v.optional(v.array(Name), []) }),
  /** a desktop assigned to one person: session host id by user principal name */
  assigned: v.optional(v.record(Name, Id)),
});

/** `site.yaml`. Further rules, across its parts, are the broker's to check. */
export const SiteDocument = v.strictObject({
  tenant: Id,
  site: v.strictObject({ id: Id, name: Name }),
  /** the feed of its resources, as leases, tickets and grants name it; the Workspace lists the broker by the same */
  feed: v.optional(Id, BROKER_FEED),
  continuity: v.optional(
    v.strictObject({
      enabled: v.optional(v.boolean(), true),
      leaseDays: v.optional(LeaseDays, TIMES.leaseDays),
    }),
    {},
  ),
  locations: v.pipe(v.array(Location), v.minLength(1), v.maxLength(1_000)),
  gateways: v.pipe(v.array(Endpoint), v.maxLength(100)),
  deliveryGroups: v.pipe(v.array(DeliveryGroup), v.minLength(1), v.maxLength(10_000)),
  sessionHosts: v.pipe(v.array(SessionHost), v.maxLength(100_000)),
  resources: v.pipe(v.array(Resource), v.maxLength(LIMITS.resources)),
});
export type SiteDocument = v.InferOutput<typeof SiteDocument>;
export type SiteResource = SiteDocument['resources'][number];
export type SiteSessionHost = SiteDocument['sessionHosts'][number];
export type SiteLocation = SiteDocument['locations'][number];
