/**
 * Keys and the headers of signed and sealed tokens. Headers are allow-lists: a member that is not named here
 * (`crit`, `jku`, `x5u`, `jwk`, `zip`, ...) refuses the whole token before any cryptography.
 */
import * as v from 'valibot';
import { Bytes32, Compact, Digest } from './primitives.ts';

/** Components and roles sign with Ed25519. */
export const Ed25519Jwk = v.strictObject({ kty: v.literal('OKP'), crv: v.literal('Ed25519'), x: Bytes32 });
/** Devices sign, and everybody agrees on keys, with P-256 (hardware has it). */
export const P256Jwk = v.strictObject({ kty: v.literal('EC'), crv: v.literal('P-256'), x: Bytes32, y: Bytes32 });
export type Ed25519Jwk = v.InferOutput<typeof Ed25519Jwk>;
export type P256Jwk = v.InferOutput<typeof P256Jwk>;
/** The private halves, as key files and a connector's enrolment hold them: 32 bytes more. */
export const Ed25519PrivateJwk = v.strictObject({ ...Ed25519Jwk.entries, d: Bytes32 });
export const P256PrivateJwk = v.strictObject({ ...P256Jwk.entries, d: Bytes32 });
export type Ed25519PrivateJwk = v.InferOutput<typeof Ed25519PrivateJwk>;
export type P256PrivateJwk = v.InferOutput<typeof P256PrivateJwk>;
/** Whatever signs: a component, a role or a device. */
export const SigningJwk = v.variant('kty', [Ed25519Jwk, P256Jwk]);
export type SigningJwk = v.InferOutput<typeof SigningJwk>;

/** RFC 7638: the required members in alphabetical order, no spaces; the thumbprint is its SHA-256. */
export function thumbprintInput(jwk: SigningJwk): string {
  return jwk.kty === 'OKP' ? `{"crv":"Ed25519","kty":"OKP","x":"${jwk.x}"}` : `{"crv":"P-256","kty":"EC","x":"${jwk.x}","y":"${jwk.y}"}`;
}

/** Explicit types: a token of one kind can never be taken for another. */
export const TYP = {
  rootBundle: 'holdfast-root+jwt',
  statement: 'holdfast-statement+jwt',
  join: 'holdfast-join+jwt',
  metadata: 'holdfast-lease+jwt',
  common: 'holdfast-lease-common+jwt',
  location: 'holdfast-lease-location+jwt',
  leaseSet: 'holdfast-lease-set+jwt',
  ticket: 'holdfast-ticket+jwt',
  locator: 'holdfast-locator+jwt',
  grant: 'holdfast-grant+jwt',
  proof: 'holdfast-proof+jwt',
  revocations: 'holdfast-revocations+jwt',
  health: 'holdfast-health+jwt',
  deviceToken: 'holdfast-device+jwt',
  pageToken: 'holdfast-page+jwt',
} as const;
export type Typ = (typeof TYP)[keyof typeof TYP];

/** `kid` is the RFC 7638 thumbprint of the key and only ever looks up in what is trusted already. */
export const JwsHeader = v.strictObject({
  alg: v.picklist(['EdDSA', 'ES256']),
  typ: v.picklist(Object.values(TYP)),
  kid: Digest,
});
export type JwsHeader = v.InferOutput<typeof JwsHeader>;

/** ECDH-ES+A256KW with A256GCM and nothing else; `cty` says that a JWS is inside. */
export const JweHeader = v.strictObject({
  alg: v.literal('ECDH-ES+A256KW'),
  enc: v.literal('A256GCM'),
  cty: v.literal('JWT'),
  kid: Digest,
  epk: P256Jwk,
});
export type JweHeader = v.InferOutput<typeof JweHeader>;

/** One content for several readers: reader's key id -> compact JWE. */
export const SealedParts = v.record(Digest, Compact);
export type SealedParts = v.InferOutput<typeof SealedParts>;
