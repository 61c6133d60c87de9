/** Proofs of possession over HTTP and on a channel, all made by the device's sign key. */
import { TYP } from '#protocol/jose';
import type { Proof } from '#protocol/lease';
import { type DeviceKey, deviceSigner } from '#runtime/jose/sign';

/** `iat` is the device's own clock; a channel's nonce and exporter make the proof fresh whatever it says. */
export function proveWith(key: DeviceKey): (proof: Omit<Proof, 'iat'>) => string {
  const signer = deviceSigner(key);
  return (proof) => signer.sign(TYP.proof, { ...proof, iat: Math.floor(Date.now() / 1_000) });
}
