/** Proofs of possession over HTTP and on a channel, all made by the device's sign key. */
import { type P256Jwk, TYP } from '#protocol/jose';
import type { Proof } from '#protocol/lease';
import type { Channel } from '#runtime/channel/client';
import { nodeCrypto } from '#runtime/jose/primitives';
import { type DeviceKey, deviceSigner } from '#runtime/jose/sign';

/** `iat` comes from the device's clock; a channel's nonce and exporter make the proof fresh regardless. */
export function proveWith(key: DeviceKey): (proof: Omit<Proof, 'iat'>) => string {
  const signer = deviceSigner(key);
  return (proof) => signer.sign(TYP.proof, { ...proof, iat: Math.floor(Date.now() / 1_000) });
}

/** Accompanies everything presented on a channel: the key, and its proof over that text for that very connection. */
export function proofOn(
  { ekm, hello, statement }: Pick<Channel, 'ekm' | 'hello' | 'statement'>,
  key: DeviceKey,
  op: Proof['op'],
  shown: string,
): { readonly key: P256Jwk; readonly proof: string } {
  const proof = proveWith(key)({ aud: statement.id, op, nonce: hello.nonce, ekm, digest: nodeCrypto.sha256(shown) });
  return { key: deviceSigner(key).publicKey, proof };
}
