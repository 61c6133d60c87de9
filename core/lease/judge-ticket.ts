/** Launch tickets: one redeemer, one use, 90 s, one device (B-L8). */
import { TYP } from '#protocol/jose';
import { Ticket } from '#protocol/lease';
import { TIMES } from '#protocol/limits';
import type { Crypto } from '../crypto.ts';
import { readJws, verified } from '../trust/jws.ts';
import { type Bearer, judgeBearer } from '../trust/revocation.ts';
import { judgeStatement, type Trust } from '../trust/trust.ts';
import { fail, pass, type Verdict } from '../verdict.ts';

export interface ShownTicket {
  readonly ticket: string;
  /** its maker's trust statement */
  readonly statement: string;
  readonly jkt: string;
  readonly location: string;
}

/** 3020: not a ticket of ours, another device's or another redeemer's, or no list yet; 3021: for another location; 3022: blocked. */
export type TicketFault = 3020 | 3021 | 3022 | 'ticket_expired';

/**
 * Judges a ticket except for its single use, which only the redeemer can know (`UsedTickets`).
 * `redeemer` is absent where the ticket is only forwarded (a gateway).
 */
export function judgeTicket(
  crypto: Crypto,
  trust: Trust,
  shown: ShownTicket,
  now: number,
  redeemer?: { id: string; startedAt: number },
): Verdict<Ticket, TicketFault> {
  const read = readJws(crypto, shown.ticket, TYP.ticket, Ticket);
  if (!read.ok) return fail(3020, { reason: 'token', why: read.why });
  const ticket = read.value.unverified;
  if (ticket.tenant !== trust.bundle.tenant) return fail(3020, { reason: 'other-tenant' });
  // A redeemer's fast clock may shorten a ticket's life; none may lengthen it, so only its beginning allows skew.
  if (ticket.exp < now || ticket.iat - TIMES.ticketSkewSeconds > now) return fail('ticket_expired');
  if (ticket.exp - ticket.iat > TIMES.ticketSeconds) return fail(3020, { reason: 'too-long' });
  if (ticket.location !== shown.location) return fail(3021, { reason: 'other-location' });
  if (ticket.cnf.jkt !== shown.jkt) return fail(3020, { reason: 'other-device' });
  if (redeemer !== undefined && ticket.aud !== redeemer.id) return fail(3020, { reason: 'other-redeemer' });
  if (redeemer !== undefined && ticket.iat < redeemer.startedAt) return fail('ticket_expired', { reason: 'older-than-redeemer' });
  const bearer: Bearer = {
    subject: ticket.user.subject,
    groups: ticket.user.groups ?? 'unknown',
    jkt: shown.jkt,
    authorizedAt: ticket.iat,
  };
  const allowed = judgeBearer(trust.list, bearer, now);
  if (!allowed.ok) return allowed;
  const maker = judgeStatement(crypto, trust, shown.statement, now, { roles: ['tickets'] });
  if (!maker.ok) return fail(3020, { reason: 'signer', why: maker.why });
  return verified(crypto, read.value, [maker.value.keys.sign]).ok ? pass(ticket) : fail(3020, { reason: 'not-signed' });
}

/** Used ticket ids, each kept until `TIMES.usedTicketSeconds` after its issue: exactly once with no shared database. */
export interface UsedTickets {
  readonly until: ReadonlyMap<string, number>;
}

/** A redeemer starts without memory, so it refuses tickets older than its start. */
export const NO_USED_TICKETS: UsedTickets = { until: new Map() };

/** Marks a ticket as used; refuses one that was used before. */
export function useTicket(used: UsedTickets, ticket: Pick<Ticket, 'jti' | 'iat'>, now: number): Verdict<UsedTickets, 'ticket_used'> {
  if (used.until.has(ticket.jti)) return fail('ticket_used');
  const kept = [...used.until].filter(([, until]) => until >= now);
  return pass({ until: new Map([...kept, [ticket.jti, ticket.iat + TIMES.usedTicketSeconds]]) });
}
