/** What authorizes a launch: the lease's three files, the launch ticket, the proof of possession, the grant. */
import * as v from 'valibot';
import { LIMITS, TIMES } from './limits.ts';
import {
  Address,
  Compact,
  Confirmation,
  CorrelationId,
  Count,
  Digest,
  Id,
  LaunchMode,
  Name,
  Nonce,
  Origin,
  PersonPart,
  ResourceRef,
  Seconds,
  SessionProtocol,
  Subject,
  User,
} from './primitives.ts';

/** A resource as the person sees it, without anything secret. Its feed is the one that the broker's site document names. */
export const LeasedResource = v.object({
  ...ResourceRef.entries,
  name: Name,
  kind: v.picklist(['app', 'desktop']),
  protocol: SessionProtocol,
});
export type LeasedResource = v.InferOutput<typeof LeasedResource>;

/** From where devices come: `inside` asks connectors, `outside` gateways, `both` connectors first (B-N6). */
export const Connectivity = v.picklist(['inside', 'outside', 'both']);

/** A connector or a gateway, as a device must know it to reach and recognise it. */
export const Endpoint = v.object({ id: Id, address: Address });
export type Endpoint = v.InferOutput<typeof Endpoint>;

/** A location, as a device must know it: who redeems there, and how it is reached. */
export const LeaseLocation = v.object({
  id: Id,
  name: Name,
  connectivity: Connectivity,
  connectors: v.pipe(v.array(Endpoint), v.maxLength(16)),
  gateways: v.pipe(v.array(Endpoint), v.maxLength(16)),
});
export type LeaseLocation = v.InferOutput<typeof LeaseLocation>;

/** How old a revocation list may be for this lease: `strict` 5 minutes, `best-effort` `maxStaleSeconds`. */
export const RevocationPolicy = v.object({ mode: v.picklist(['best-effort', 'strict']), maxStaleSeconds: Seconds });
export type RevocationPolicy = v.InferOutput<typeof RevocationPolicy>;

/** A lease period in days (B-L1). */
export const LeaseDays = v.pipe(v.number(), v.integer(), v.minValue(TIMES.leaseDaysMin), v.maxValue(TIMES.leaseDaysMax));

/** File 1: metadata. The only part that the device reads; gateways and connectors are shown the inner JWS inside TLS. */
export const LeaseMetadata = v.object({
  lease: Nonce,
  tenant: Id,
  workspace: Origin,
  sub: Subject,
  cnf: Confirmation,
  resource: LeasedResource,
  /** in the order in which they are tried */
  locations: v.pipe(v.array(LeaseLocation), v.maxLength(32)),
  iat: Seconds,
  exp: Seconds,
  refreshAfter: Seconds,
  revocation: RevocationPolicy,
  /** what of the person entitles them: without it nothing can be decided about this lease. Absent: not said */
  hangsOn: v.optional(v.array(PersonPart)),
  /** SHA-256 over the bytes of the two other files: nothing can be mixed across users, devices, resources or generations */
  digests: v.object({ common: Digest, location: Digest }),
});
export type LeaseMetadata = v.InferOutput<typeof LeaseMetadata>;

/** File 2: common parameters. Read by the connectors of the lease's locations. Equal for all resources of one delivery group. */
export const LeaseCommon = v.object({
  user: User,
  cnf: Confirmation,
  deliveryGroup: Id,
  /** why the person may open it: the name of the user or group that the broker matched */
  entitledBy: Name,
  iat: Seconds,
  exp: Seconds,
});
export type LeaseCommon = v.InferOutput<typeof LeaseCommon>;

/** File 3: locations. One part a location, read by that location's connectors only. */
export const LeaseLocationDetails = v.object({
  location: Id,
  /** session hosts come from this delivery group's pool */
  hostPool: Id,
  /** a desktop assigned to this person */
  assignedSessionHost: v.optional(Id),
  iat: Seconds,
  exp: Seconds,
});
export type LeaseLocationDetails = v.InferOutput<typeof LeaseLocationDetails>;

/** The three files as they travel and lie on disk. `metadata` is sealed to the device there; in an exchange it is the inner JWS. */
export const LeaseFiles = v.object({
  metadata: Compact,
  /** JSON of `SealedParts` for every location of the lease */
  common: v.pipe(v.string(), v.maxLength(LIMITS.tokenBytes)),
  location: v.pipe(v.string(), v.maxLength(LIMITS.tokenBytes)),
});
export type LeaseFiles = v.InferOutput<typeof LeaseFiles>;

/**
 * Payload of the end of a lease sync, signed by an issuer key: these are all leases of this person on this device. `digest` covers every
 * lease and every resource without one (core/lease/lease-set.ts); `answers` is the SHA-256 of the proof in the device's request.
 * `unknown`: what of the person the issuer was not told. A lease that hangs on it stays, although the set leaves it out.
 */
export const LeaseSet = v.object({
  tenant: Id,
  workspace: Origin,
  sub: Subject,
  cnf: Confirmation,
  answers: Digest,
  leases: Count,
  /** empty where there are no such lines */
  digest: v.union([Digest, v.literal('')]),
  unknown: v.optional(v.array(PersonPart), []),
  /** the site's setting: the person's sign-out deletes the leases */
  deleteOnSignOut: v.boolean(),
  iat: Seconds,
});
export type LeaseSet = v.InferOutput<typeof LeaseSet>;

/** Payload of a launch ticket: one redeemer, one use, 90 s, one device (B-L8). */
export const Ticket = v.object({
  jti: Nonce,
  tenant: Id,
  /** the only connector that may redeem it */
  aud: Id,
  location: Id,
  cnf: Confirmation,
  user: User,
  resource: LeasedResource,
  deliveryGroup: Id,
  iat: Seconds,
  exp: Seconds,
});
export type Ticket = v.InferOutput<typeof Ticket>;

/**
 * Payload of a locator: how a location is reached, signed by the broker that owns the site document. Its time is not checked: a device's
 * clock decides nothing, and an old locator leads only where an administrator once had a connector or a gateway.
 */
export const Locator = v.object({ tenant: Id, location: LeaseLocation, iat: Seconds });
export type Locator = v.InferOutput<typeof Locator>;

/** A signed text and the trust statement of its signer. */
export const Signed = v.object({ token: Compact, statement: Compact });

/** What the Workspace answers to an online launch: the ticket with the ticket service's statement, and where it is redeemed. */
export const LaunchFile = v.object({
  ticket: Compact,
  statement: Compact,
  /** `token` is a `Locator`, `statement` the broker's */
  locator: Signed,
  correlationId: CorrelationId,
});
export type LaunchFile = v.InferOutput<typeof LaunchFile>;

/** What a proof is for. */
const ProofOperation = v.picklist(['launch', 'reach', 'attach', 'control', 'rendezvous', 'enrol', 'renew', 'device', 'sync']);

/**
 * Payload of a proof of possession. On a channel `ekm` is the TLS exporter (RFC 9266) of that very connection and
 * `nonce` comes from the hello. Over HTTP (`enrol`, `device`, `sync`) `ekm` is absent and `nonce` is the server's challenge.
 */
export const Proof = v.object({
  aud: v.pipe(v.string(), v.maxLength(300)),
  op: ProofOperation,
  nonce: Nonce,
  ekm: v.optional(Digest),
  /** SHA-256 of what is presented with it: lease metadata, ticket, grant, device token */
  digest: Digest,
  iat: Seconds,
});
export type Proof = v.InferOutput<typeof Proof>;

/** Payload of a session grant: signed by whoever brokered, for one device at one session host, for 60 s. */
export const Grant = v.object({
  jti: Nonce,
  /** the session host */
  aud: Id,
  location: Id,
  session: Nonce,
  cnf: Confirmation,
  user: User,
  resource: LeasedResource,
  mode: LaunchMode,
  /** the lease it came from, so that revoking that lease ends the session */
  lease: v.optional(Nonce),
  /** when the lease or ticket was issued: revocations compare with it */
  authorizedAt: Seconds,
  correlationId: CorrelationId,
  iat: Seconds,
  exp: Seconds,
});
export type Grant = v.InferOutput<typeof Grant>;
