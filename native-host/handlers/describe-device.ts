/** Public keys of this user on this device, and the proof that the Workspace requires for a device token. */
import { deviceDigest } from '#core/lease/device-digest';
import { nodeCrypto } from '#runtime/jose/primitives';
import { deviceSigner } from '#runtime/jose/sign';
import { proveWith } from '../device-key/proof.ts';
import type { Handler } from './handler.ts';

export const describeDevice: Handler<'describeDevice'> = async (host, { workspace, subject, nonce }) => {
  const vault = await host.vaultOf({ workspace, subject });
  const key = await vault.key();
  const { sign, enc } = key.publicJwk();
  const proof = proveWith(key)({ aud: workspace, op: 'device', nonce, digest: deviceDigest(nodeCrypto, sign, enc) });
  return { sign, enc, claimsHardware: false, jkt: deviceSigner(key).kid, proof };
};
