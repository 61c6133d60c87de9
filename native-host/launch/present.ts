/** What the winner of the race is shown: lease or ticket, with a proof bound to that very connection. */
import type { Candidate } from '#core/placement/candidates';
import type { LaunchFile, LeaseFiles } from '#protocol/lease';
import type { Channel, PresentBody } from '#runtime/channel/client';
import { nodeCrypto } from '#runtime/jose/primitives';
import { type DeviceKey, deviceSigner } from '#runtime/jose/sign';
import { proveWith } from '../device-key/proof.ts';

export type PresentTo = (channel: Channel, candidate: Candidate) => PresentBody;

function common(key: DeviceKey, channel: Channel, shown: string) {
  const { ekm, hello, statement } = channel;
  return {
    type: 'present',
    op: 'launch',
    key: deviceSigner(key).publicKey,
    proof: proveWith(key)({ aud: statement.id, op: 'launch', nonce: hello.nonce, ekm, digest: nodeCrypto.sha256(shown) }),
  } as const;
}

/** `files.metadata` is the inner JWS, not what lies on disk. */
export function presentLease(key: DeviceKey, files: LeaseFiles, correlationId: string): PresentTo {
  return (channel, { location }) => ({ ...common(key, channel, files.metadata), mode: 'lease', correlationId, lease: files, location });
}

export function presentTicket(key: DeviceKey, { ticket, statement }: LaunchFile, correlationId: string): PresentTo {
  return (channel, { location }) => ({ ...common(key, channel, ticket), mode: 'ticket', correlationId, ticket, statement, location });
}
