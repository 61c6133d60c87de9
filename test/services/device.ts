/** A device: its two keys, its proofs, and how it opens what is sealed to it. */
import { diffieHellman, sign as signBytes } from 'node:crypto';
import { deviceDigest } from '#core/lease/device-digest';
import { TYP } from '#protocol/jose';
import type { Proof } from '#protocol/lease';
import type { DeviceRequest, LeaseSyncRequest } from '#protocol/workspace-api';
import { nodeCrypto, publicKeyOf, sha256 } from '#runtime/jose/primitives';
import { unsealer } from '#runtime/jose/seal';
import { type DeviceKey, deviceSigner, newId, newP256, privateKeyOf, publicHalf } from '#runtime/jose/sign';

export function newDevice() {
  const [sign, enc] = [newP256(), newP256()];
  const key: DeviceKey = {
    sign: (bytes) => signBytes('sha256', bytes, { key: privateKeyOf(sign), dsaEncoding: 'ieee-p1363' }),
    deriveECDH: (point) => diffieHellman({ privateKey: privateKeyOf(enc), publicKey: publicKeyOf(point) }),
    publicJwk: () => ({ sign: publicHalf(sign), enc: publicHalf(enc) }),
  };
  const signer = deviceSigner(key);
  const prove = (claims: Omit<Proof, 'iat'>) => signer.sign(TYP.proof, { ...claims, iat: Math.floor(Date.now() / 1_000) });
  const keys = key.publicJwk();
  return {
    jkt: signer.kid,
    keys,
    unseal: unsealer(keys.enc, key.deriveECDH),
    prove,
    deviceRequest: (aud: string, nonce: string): DeviceRequest => ({
      ...keys,
      hw: false,
      proof: prove({ aud, op: 'device', nonce, digest: deviceDigest(nodeCrypto, keys.sign, keys.enc) }),
    }),
    syncRequest: (aud: string, token: string): LeaseSyncRequest => ({
      token,
      key: keys.sign,
      proof: prove({ aud, op: 'sync', nonce: newId(), digest: sha256(token) }),
    }),
  };
}
export type TestDevice = ReturnType<typeof newDevice>;
