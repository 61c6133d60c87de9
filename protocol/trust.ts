/** The root of trust: root bundle, trust statements, join tokens, the revocation list. See PROTOCOL.md, "Trust". */
import * as v from 'valibot';
import { Ed25519Jwk, P256Jwk, P256PrivateJwk } from './jose.ts';
import { LIMITS } from './limits.ts';
import { GroupName } from './names.ts';
import { Compact, Count, Digest, Id, Nonce, RevocationToken, Seconds, Subject } from './primitives.ts';

/** A component's role. It decides what the component may do. */
export const Role = v.picklist([
  'workspace',
  'identity',
  'broker',
  'tickets',
  'lease-issuer',
  'root-of-trust',
  'gateway',
  'connector',
  'session-host',
]);
export type Role = v.InferOutput<typeof Role>;

/** Payload of a root bundle. Version N+1 counts only when `threshold` keys of N and of N+1 signed it. */
export const RootBundle = v.strictObject({
  version: v.pipe(Count, v.minValue(1)),
  tenant: Id,
  threshold: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(20)),
  rootKeys: v.pipe(v.array(Ed25519Jwk), v.minLength(1), v.maxLength(20)),
  /** keys that may sign statements, leases and revocation lists */
  roles: v.strictObject({
    trust: v.pipe(v.array(Ed25519Jwk), v.minLength(1), v.maxLength(8)),
    issuer: v.pipe(v.array(Ed25519Jwk), v.minLength(1), v.maxLength(8)),
    revoker: v.pipe(v.array(Ed25519Jwk), v.minLength(1), v.maxLength(8)),
  }),
  iat: Seconds,
  exp: Seconds,
});
export type RootBundle = v.InferOutput<typeof RootBundle>;

/** One root key's signature: the protected header, and 64 bytes of Ed25519. */
const RootSignature = v.strictObject({ protected: v.pipe(v.string(), v.maxLength(500)), signature: v.pipe(v.string(), v.maxLength(100)) });

/** A root bundle as it travels: JWS JSON Serialization (RFC 7515, 7.2.1) with one signature a root key. */
export const SignedRootBundle = v.strictObject({
  payload: v.pipe(v.string(), v.maxLength(LIMITS.rootBundleBytes)),
  signatures: v.pipe(v.array(RootSignature), v.minLength(1), v.maxLength(40)),
});
export type SignedRootBundle = v.InferOutput<typeof SignedRootBundle>;

/** Public halves of a component's keys: one key, one use. `tls` is the SHA-256 of the SPKI of its self-signed certificate. */
export const ComponentKeys = v.strictObject({ tls: Digest, sign: Ed25519Jwk });
/** The same as stated by the root: connectors also have `enc`, the key of their location to which leases are sealed. */
const StatedKeys = v.strictObject({ ...ComponentKeys.entries, enc: v.optional(P256Jwk) });
export type ComponentKeys = v.InferOutput<typeof ComponentKeys>;

/** Predecessors of the newest bundle, oldest first, for peers with an old one. */
export const EarlierBundles = v.optional(v.pipe(v.array(SignedRootBundle), v.maxLength(LIMITS.earlierBundles)));

/** Payload of a trust statement: "this key is that component", for 60 days, signed by a trust key of the root bundle. */
export const Statement = v.strictObject({
  role: Role,
  id: Id,
  /** connectors and session hosts belong to one location */
  location: v.optional(Id),
  keys: StatedKeys,
  iat: Seconds,
  exp: Seconds,
});
export type Statement = v.InferOutput<typeof Statement>;

/** Payload of a join token: one role, one location, one use. The pins let the newcomer verify the root from the start. */
export const JoinToken = v.strictObject({
  jti: Nonce,
  tenant: Id,
  role: Role,
  id: Id,
  location: v.optional(Id),
  exp: Seconds,
});
export type JoinToken = v.InferOutput<typeof JoinToken>;

/** `POST /v1/enrolments` at the root of trust. `proof` is made by the new sign key over the join token's digest (op `enrol`). */
export const EnrolmentRequest = v.object({ joinToken: Compact, keys: ComponentKeys, proof: Compact });
export type EnrolmentRequest = v.InferOutput<typeof EnrolmentRequest>;
/**
 * `POST /v1/statements` at the root of trust, over TLS with the key that `keys` names. Both proofs have op `renew` and the digest of
 * `keys`: `proof` is by its sign key; `former`, by the sign key that it replaces, is there when the component has new keys.
 */
export const RenewalRequest = v.object({ keys: ComponentKeys, proof: Compact, former: v.optional(Compact) });
export type RenewalRequest = v.InferOutput<typeof RenewalRequest>;
/** The key pair that the connectors of one location share to read leases. Nobody else gets it. */
export const LocationKey = v.strictObject({
  publicKey: P256Jwk,
  privateKey: P256PrivateJwk,
  from: Seconds,
});
export type LocationKey = v.InferOutput<typeof LocationKey>;
/** Answer to an enrolment and to a renewal. `locationKeys`: connectors only, newest first. */
export const EnrolmentReply = v.object({
  statement: Compact,
  rootBundle: SignedRootBundle,
  earlierBundles: EarlierBundles,
  revocations: RevocationToken,
  locationKeys: v.optional(v.array(LocationKey)),
});
export type EnrolmentReply = v.InferOutput<typeof EnrolmentReply>;

/** The target of an entry. */
export const RevokedTarget = v.variant('kind', [
  v.strictObject({ kind: v.literal('user'), subject: Subject }),
  v.strictObject({ kind: v.literal('group'), group: GroupName }),
  v.strictObject({ kind: v.literal('device'), jkt: Digest }),
  v.strictObject({ kind: v.literal('lease'), lease: Nonce }),
  /** a component's key, by the thumbprint of its sign key */
  v.strictObject({ kind: v.literal('key'), kid: Digest }),
]);
export type RevokedTarget = v.InferOutput<typeof RevokedTarget>;

/**
 * One entry. Leases issued before `until` are refused for good; none are made until then (B-L5).
 * The entry leaves the list when the longest lease issued before `until` has ended (`forget`).
 */
export const Revocation = v.strictObject({ target: RevokedTarget, from: Seconds, until: Seconds, forget: Seconds });
export type Revocation = v.InferOutput<typeof Revocation>;

/** Payload of the revocation list, signed by a revoker key of the root bundle. A higher version wins that has every entry of the one before. */
export const RevocationList = v.strictObject({
  version: Count,
  iat: Seconds,
  entries: v.pipe(v.array(Revocation), v.maxLength(20_000)),
  /** entries that an administrator took away; listed until they would have left by themselves, for none may just be missing */
  removed: v.optional(v.pipe(v.array(Revocation), v.maxLength(20_000))),
});
export type RevocationList = v.InferOutput<typeof RevocationList>;

/** For a peer that is behind: root bundles one version at a time, and the newest list. */
export const News = v.object({
  rootBundles: v.optional(v.pipe(v.array(SignedRootBundle), v.maxLength(LIMITS.newsBundles))),
  revocations: v.optional(RevocationToken),
});
export type News = v.InferOutput<typeof News>;

/** `GET /v1/trust` at the root of trust: all public data, including the statements of all components. */
export const TrustDirectory = v.object({
  rootBundle: SignedRootBundle,
  earlierBundles: EarlierBundles,
  revocations: RevocationToken,
  statements: v.pipe(v.array(Compact), v.maxLength(10_000)),
});
export type TrustDirectory = v.InferOutput<typeof TrustDirectory>;
