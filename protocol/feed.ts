/** Resources and feeds, as the portal gets and caches them. */
import * as v from 'valibot';
import { LIMITS } from './limits.ts';
import { Count, Id, Millis, Name, SessionProtocol, Subject, WebAddress } from './primitives.ts';

/** A path on the Workspace's own origin; icons are content-hashed and cached by the service worker. */
const IconPath = v.pipe(v.string(), v.regex(/^\/icons\/[A-Za-z0-9_-]{16,64}\.(?:svg|png)$/u));

const Common = {
  id: Id,
  name: Name,
  /** shown as a group in the list; empty = by kind */
  folder: v.optional(Name),
  icon: v.optional(IconPath),
};

/** One tile: an app or desktop with its locations, or a web link. */
export const FeedResource = v.variant('kind', [
  v.object({
    ...Common,
    kind: v.picklist(['app', 'desktop']),
    protocol: SessionProtocol,
    /** locations that publish it, in the order in which they are tried */
    locations: v.pipe(v.array(v.object({ id: Id, name: Name })), v.minLength(1), v.maxLength(32)),
    /** whether an administrator lets it be leased */
    leasable: v.boolean(),
  }),
  v.object({ ...Common, kind: v.literal('web'), url: WebAddress }),
]);
export type FeedResource = v.InferOutput<typeof FeedResource>;

/** The feed that a broker's resources are in, unless its site document names another. */
export const BROKER_FEED = 'apps';

/** `GET /api/v1/feeds/:id`. */
export const FeedDocument = v.object({
  v: v.literal(1),
  feed: Id,
  name: Name,
  /** whose list it is: a cached copy of another person is never shown */
  subject: Subject,
  asOf: Millis,
  resources: v.pipe(v.array(FeedResource), v.maxLength(LIMITS.resources)),
});
export type FeedDocument = v.InferOutput<typeof FeedDocument>;

/** Every answer that Holdfast itself gives carries this header, so a captive portal's 200 is never taken for ours (B-W20). */
export const MARKER_HEADER = 'holdfast-version';
/** Follows one request through every part. */
export const CORRELATION_HEADER = 'holdfast-correlation-id';

/** Where a Workspace says how it is, whatever else goes on. */
export const HEALTH_PATH = '/.well-known/holdfast/health';
/** Payload of the health document: `HEALTH_PATH` answers with it as a compact JWS (text). */
export const Health = v.object({
  /** the Workspace's id */
  iss: Id,
  now: Millis,
  /** the identity provider as the Workspace sees it; `since` when that began */
  identity: v.object({ state: v.picklist(['up', 'down', 'unknown']), since: Millis }),
  version: Count,
});
export type Health = v.InferOutput<typeof Health>;
