/** A device: its two keys, its proofs, and how it opens what is sealed to it. */
import { deviceDigest } from '#core/lease/device-digest';
import { TYP } from '#protocol/jose';
import type { Proof } from '#protocol/lease';
import type { DeviceRequest, LeaseSyncRequest } from '#protocol/workspace-api';
import { nodeCrypto, sha256 } from '#runtime/jose/primitives';
import { newId } from '#runtime/jose/sign';
import { newDevice as newDeviceKeys } from '../vectors/world.ts';

export function newDevice() {
  const { key, signer, jkt, unseal } = newDeviceKeys();
  const prove = (claims: Omit<Proof, 'iat'>) => signer.sign(TYP.proof, { ...claims, iat: Math.floor(Date.now() / 1_000) });
  const keys = key.publicJwk();
  return {
    jkt,
    keys,
    unseal,
    prove,
    deviceRequest: (aud: string, nonce: string): DeviceRequest => ({
      ...keys,
      claimsHardware: false,
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
