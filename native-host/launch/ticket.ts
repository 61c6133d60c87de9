/** What a launch file says, as far as the device needs it: it can't judge a ticket and doesn't have to, the redeemer does. */
import { type Candidate, candidatesFor } from '#core/placement/candidates';
import { readJws } from '#core/trust/jws';
import { TYP } from '#protocol/jose';
import { type LaunchFile, type LeaseLocation, Ticket } from '#protocol/lease';
import { nodeCrypto } from '#runtime/jose/primitives';

export interface ReadTicket {
  readonly file: LaunchFile;
  readonly resource: Ticket['resource'];
  readonly location: LeaseLocation;
  readonly candidates: readonly Candidate[];
}

/** undefined: the launch file is empty (3005), no ticket in it or no way to redeem it. */
export function readTicket(file: LaunchFile): ReadTicket | undefined {
  const ticket = readJws(nodeCrypto, file.ticket, TYP.ticket, Ticket);
  if (!ticket.ok) return undefined;
  const { aud, resource } = ticket.value.unverified;
  const candidates = candidatesFor([file.location], aud);
  return candidates.length === 0 ? undefined : { file, resource, location: file.location, candidates };
}
