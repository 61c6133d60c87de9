/**
 * The Workspace's HTTP API for the portal (cookie session) and the native host (device token and proof).
 * Every refusal is `{ error: WireError }`; every answer of ours carries `MARKER_HEADER`.
 *
 *   GET  /                                   the portal's shell and its hashed assets
 *   GET  /.well-known/holdfast/health        compact JWS of `Health`
 *   GET  /.well-known/holdfast/trust         `WorkspaceTrust`
 *   GET  /auth/sign-in?next=/                to the identity provider; with `again` it has to ask
 *   GET  /auth/callback                      back from it
 *   POST /auth/sign-out                      -> `SignOutReply`: ends the portal session; running remote sessions go on
 *   GET  /api/v1/session                     `PortalSession`, or 401 not_signed_in
 *   GET  /api/v1/feeds/:id                   `FeedDocument` with ETag
 *   GET  /icons/:hash.svg
 *   POST /api/v1/launches                    `LaunchRequest` -> `LaunchFile`
 *   POST /api/v1/page-token                  `PageTokenRequest` -> `Signed` of a `PageToken`
 *   POST /api/v1/devices                     `DeviceRequest` -> `DeviceReply`
 *   POST /api/v1/lease-sync                  device: `LeaseSyncRequest` -> NDJSON of `LeaseSyncLine`
 */
import * as v from 'valibot';
import { WireError } from './errors.ts';
import { P256Jwk } from './jose.ts';
import { LeaseFiles } from './lease.ts';
import {
  Compact,
  Confirmation,
  Count,
  Digest,
  Id,
  Name,
  Nonce,
  Origin,
  RedirectAddress,
  ResourceRef,
  RevocationToken,
  Seconds,
  Subject,
  User,
} from './primitives.ts';
import { EarlierBundles, SignedRootBundle } from './trust.ts';

/** Who is signed in, and what the portal needs to know of the site. */
export const PortalSession = v.object({
  user: User,
  workspace: v.object({ name: Name, origin: Origin, tenant: Id }),
  feeds: v.pipe(v.array(v.object({ id: Id, name: Name })), v.maxLength(64)),
  continuity: v.object({ enabled: v.boolean(), leaseDays: Count, deleteLeasesOnSignOut: v.boolean() }),
  /** this person's devices that were first seen in the last 7 days */
  newDevices: v.pipe(v.array(v.object({ jkt: Digest, firstSeen: Seconds })), v.maxLength(100)),
  /** challenge for `DeviceRequest`, and the CSRF token of every POST (header `holdfast-csrf`) */
  deviceNonce: Nonce,
  csrf: Nonce,
});
export type PortalSession = v.InferOutput<typeof PortalSession>;
/** Carries `PortalSession.csrf` with every POST of the portal. */
export const CSRF_HEADER = 'holdfast-csrf';

/** `next`: the provider's own sign-out, where the browser goes now; absent when it has none or does not answer. */
export const SignOutReply = v.object({ next: v.optional(RedirectAddress) });
export type SignOutReply = v.InferOutput<typeof SignOutReply>;

/** Everything public that a device needs before it trusts a Workspace. The health document's key is the statement's sign key. */
export const WorkspaceTrust = v.object({
  rootBundle: SignedRootBundle,
  earlierBundles: EarlierBundles,
  statement: Compact,
  revocations: RevocationToken,
});
export type WorkspaceTrust = v.InferOutput<typeof WorkspaceTrust>;

/** `jkt`: thumbprint of the device's sign key, to which the ticket is bound. */
export const LaunchRequest = v.object({ resource: ResourceRef, jkt: Digest });

/** The native host's challenge, by which a page is bound to the person who is signed in. */
export const PageTokenRequest = v.object({ challenge: Nonce });
/**
 * Payload of the page token, signed by the Workspace's statement key: this person is signed in. The challenge makes it fresh, for one host
 * process and one use, whatever the device's clock says.
 */
export const PageToken = v.object({ aud: Origin, tenant: Id, sub: Subject, name: Name, challenge: Nonce, iat: Seconds });
export type PageToken = v.InferOutput<typeof PageToken>;

/** Both public keys of the device for this user; `proof` by the sign key: op `device`, aud = the Workspace's origin, nonce = `deviceNonce`, digest = `deviceDigest` of core/lease/device-digest.ts. */
export const DeviceRequest = v.object({
  sign: P256Jwk,
  enc: P256Jwk,
  /** The device says that its key is in hardware. Nobody attests it: it is kept for people to read, is in no token and no lease, and no policy knows it. */
  claimsHardware: v.boolean(),
  proof: Compact,
});
export type DeviceRequest = v.InferOutput<typeof DeviceRequest>;
/** A compact JWS of `DeviceToken`, and when it ends. */
export const DeviceReply = v.object({ token: Compact, expires: Seconds });
export type DeviceReply = v.InferOutput<typeof DeviceReply>;

/** Payload of the device token: lets the native host fetch this user's leases for this device for 15 minutes. */
export const DeviceToken = v.object({
  aud: Origin,
  tenant: Id,
  user: User,
  cnf: Confirmation,
  enc: P256Jwk,
  iat: Seconds,
  exp: Seconds,
});
export type DeviceToken = v.InferOutput<typeof DeviceToken>;

/** `proof`: op `sync`, aud = the Workspace's origin, digest = SHA-256 of the token, nonce = fresh random (used once). */
export const LeaseSyncRequest = v.object({ token: Compact, key: P256Jwk, proof: Compact });
export type LeaseSyncRequest = v.InferOutput<typeof LeaseSyncRequest>;

/** A streamed response: progress while leases are made, shared files once, the leases, then `end` or `error`. Without `end` nothing counts. */
export const LeaseSyncLine = v.variant('type', [
  v.object({ type: v.literal('queued'), ahead: Count }),
  v.object({ type: v.literal('progress'), done: Count, total: Count }),
  /** a common or location file that several leases share */
  v.object({ type: v.literal('file'), digest: Digest, content: v.string() }),
  v.object({
    type: v.literal('lease'),
    lease: Nonce,
    resource: ResourceRef,
    metadata: LeaseFiles.entries.metadata,
    common: Digest,
    location: Digest,
  }),
  /**
   * resources without a lease, and why. Decided: `not-allowed`, `blocked`. Not decided, so that a lease already held stays: `too-large`
   * (with this person's groups a file exceeds the limit of an exchange), `no-connector` (none of its locations can open one now),
   * `person-unknown` (a group is blocked, and whether this person is in it is not known)
   */
  v.object({
    type: v.literal('unleased'),
    resource: ResourceRef,
    reason: v.picklist(['not-allowed', 'blocked', 'too-large', 'no-connector', 'person-unknown']),
  }),
  /** `set`: compact JWS of `LeaseSet` */
  v.object({ type: v.literal('end'), set: Compact, revocations: RevocationToken }),
  v.object({ type: v.literal('error'), error: WireError }),
]);
export type LeaseSyncLine = v.InferOutput<typeof LeaseSyncLine>;
