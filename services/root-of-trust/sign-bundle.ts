/** Signs root bundles: the only thing that the root keys do, offline. */
import { sign as signBytes } from 'node:crypto';
import type { Ed25519PrivateJwk } from '#protocol/jose';
import { type JwsHeader, TYP } from '#protocol/jose';
import type { RootBundle, SignedRootBundle } from '#protocol/trust';
import { thumbprint } from '#runtime/jose/primitives';
import { privateKeyOf, publicHalf } from '#runtime/jose/sign';

/** JWS JSON Serialization with one signature per key; a key given twice signs once. */
export function signBundle(bundle: RootBundle, keys: readonly Ed25519PrivateJwk[]): SignedRootBundle {
  const payload = encode(bundle);
  const distinct = new Map(keys.map((key) => [thumbprint(publicHalf(key)), key]));
  const signatures = [...distinct].map(([kid, key]) => {
    const header: JwsHeader = { alg: 'EdDSA', typ: TYP.rootBundle, kid };
    const protectedPart = encode(header);
    const signature = signBytes(null, Buffer.from(`${protectedPart}.${payload}`), privateKeyOf(key));
    return { protected: protectedPart, signature: signature.toString('base64url') };
  });
  return { payload, signatures };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
