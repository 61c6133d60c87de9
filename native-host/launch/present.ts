/** What the winner of the race is presented with: lease or ticket, with a proof bound to that very connection. */
import type { Candidate } from '#core/placement/candidates';
import type { LaunchFile, LeaseFiles } from '#protocol/lease';
import type { Channel, PresentBody } from '#runtime/channel/client';
import type { DeviceKey } from '#runtime/jose/sign';
import { proofOn } from '../device-key/proof.ts';

export type PresentTo = (channel: Channel, candidate: Candidate) => PresentBody;

const LAUNCH = { type: 'present', op: 'launch' } as const;

/** `files.metadata` is the inner JWS, not the sealed file on disk. */
export function presentLease(key: DeviceKey, files: LeaseFiles, correlationId: string): PresentTo {
  return (channel, { location }) => {
    const possession = proofOn(channel, key, LAUNCH.op, files.metadata);
    return { ...LAUNCH, ...possession, mode: 'lease', correlationId, lease: files, location };
  };
}

export function presentTicket(key: DeviceKey, { ticket, statement }: LaunchFile, correlationId: string): PresentTo {
  return (channel, { location }) => {
    const possession = proofOn(channel, key, LAUNCH.op, ticket);
    return { ...LAUNCH, ...possession, mode: 'ticket', correlationId, ticket, statement, location };
  };
}
