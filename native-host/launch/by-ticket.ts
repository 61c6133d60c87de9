/** From a launch file to a redeemable credential. The page that hands it over chooses nothing: all of it is checked by its signatures. */
import { isSameResource } from '#core/access/resource-key';
import { judgeLaunchFile } from '#core/lease/judge-launch-file';
import { candidatesFor } from '#core/placement/candidates';
import { readJws } from '#core/trust/jws';
import { fail, pass, type Verdict } from '#core/verdict';
import { TYP } from '#protocol/jose';
import { type LaunchFile, Ticket } from '#protocol/lease';
import type { ResourceRef } from '#protocol/primitives';
import { nodeCrypto } from '#runtime/jose/primitives';
import { deviceSigner } from '#runtime/jose/sign';
import type { Credential, LaunchContext, LaunchOrder } from './launch-context.ts';
import { presentTicket } from './present.ts';

/** Whether there is anything to judge in it; if not, the launch file is empty (3005). */
export function hasTicketFor({ ticket }: LaunchFile, wanted: ResourceRef): boolean {
  const read = readJws(nodeCrypto, ticket, TYP.ticket, Ticket);
  return read.ok && isSameResource(read.value.unverified.resource, wanted);
}

/**
 * The ticket's redeemer judges the ticket itself. 3005: no ticket for this resource or no way to redeem it; 3020: not signed as it must
 * be; 3009: nothing is known of the Workspace's root of trust.
 */
export async function ticketCredential(
  parts: LaunchContext,
  { owner, resource, correlationId }: LaunchOrder,
  file: LaunchFile,
): Promise<Verdict<Credential, 3005 | 3009 | 3020>> {
  const [known, vault] = await Promise.all([parts.trustFor(owner, true), parts.vaultOf(owner)]);
  if (known === undefined) return fail(3009);
  const { kid: jkt } = deviceSigner(await vault.key());
  const judged = judgeLaunchFile(nodeCrypto, known.trust, file, { resource, jkt }, parts.clock.now(owner.workspace));
  if (!judged.ok) return judged;
  const { ticket, location } = judged.value;
  const candidates = candidatesFor([location], ticket.aud);
  if (candidates.length === 0) return fail(3005);
  return pass({ resource: ticket.resource, locations: [location], candidates, present: (key) => presentTicket(key, file, correlationId) });
}
