/** The parts of a launch file that the device needs. The redeemer judges the ticket; the device cannot. */
import { isSameResource } from '#core/access/resource-key';
import { candidatesFor } from '#core/placement/candidates';
import { readJws } from '#core/trust/jws';
import { TYP } from '#protocol/jose';
import { type LaunchFile, Ticket } from '#protocol/lease';
import type { ResourceRef } from '#protocol/primitives';
import { nodeCrypto } from '#runtime/jose/primitives';
import type { Credential } from './launch-context.ts';
import { presentTicket } from './present.ts';

/** undefined: the launch file is empty (3005), no ticket for `wanted` in it or no way to redeem it. */
export function ticketCredential(file: LaunchFile, wanted: ResourceRef, correlationId: string): Credential | undefined {
  const ticket = readJws(nodeCrypto, file.ticket, TYP.ticket, Ticket);
  if (!ticket.ok) return undefined;
  const { aud, resource } = ticket.value.unverified;
  if (!isSameResource(resource, wanted)) return undefined;
  const candidates = candidatesFor([file.location], aud);
  if (candidates.length === 0) return undefined;
  return { resource, locations: [file.location], candidates, present: (key) => presentTicket(key, file, correlationId) };
}
