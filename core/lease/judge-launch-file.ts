/**
 * Launch files, as the device that asked for one judges it. A page hands it over, so nothing in it counts before its signature: neither an
 * address to dial nor a protocol whose viewer is started. Whether the ticket may be used, its redeemer decides.
 */
import { TYP } from '#protocol/jose';
import { type LaunchFile, type LeaseLocation, Locator, Ticket } from '#protocol/lease';
import type { ResourceRef } from '#protocol/primitives';
import type { Role } from '#protocol/trust';
import { isSameResource } from '../access/resource-key.ts';
import type { Crypto } from '../crypto.ts';
import { readJws, type Unverified, verified } from '../trust/jws.ts';
import { judgeStatement, type Trust } from '../trust/trust.ts';
import { fail, pass, type Verdict } from '../verdict.ts';

export interface OpenedLaunchFile {
  readonly ticket: Ticket;
  readonly location: LeaseLocation;
}

/** What the device asked for, and the thumbprint of its key. */
export interface WantedLaunch {
  readonly resource: ResourceRef;
  readonly jkt: string;
}

/** 3005: no ticket for this resource in it; 3020: not signed by those who may, or not for this device and location. `now` in seconds. */
export function judgeLaunchFile(
  crypto: Crypto,
  trust: Trust,
  file: LaunchFile,
  wanted: WantedLaunch,
  now: number,
): Verdict<OpenedLaunchFile, 3005 | 3020> {
  const ticket = readJws(crypto, file.ticket, TYP.ticket, Ticket);
  if (!ticket.ok || !isSameResource(ticket.value.unverified.resource, wanted.resource)) return fail(3005);
  const locator = readJws(crypto, file.locator.token, TYP.locator, Locator);
  if (!locator.ok) return fail(3020, { reason: 'token', why: locator.why });
  const { cnf, tenant, location: place } = ticket.value.unverified;
  const { location } = locator.value.unverified;
  if (tenant !== trust.bundle.tenant || locator.value.unverified.tenant !== tenant) return fail(3020, { reason: 'other-tenant' });
  if (cnf.jkt !== wanted.jkt) return fail(3020, { reason: 'other-device' });
  if (location.id !== place) return fail(3020, { reason: 'signer-elsewhere' });

  const bySigner = <T>(token: Unverified<T>, statement: string, role: Role): Verdict<T, 3020> => {
    const signer = judgeStatement(crypto, trust, statement, now, { roles: [role] });
    if (!signer.ok) return fail(3020, { reason: 'signer', why: signer.why });
    return verified(crypto, token, [signer.value.keys.sign]).ok ? pass(token.unverified) : fail(3020, { reason: 'not-signed' });
  };
  const located = bySigner(locator.value, file.locator.statement, 'broker');
  if (!located.ok) return located;
  const made = bySigner(ticket.value, file.statement, 'tickets');
  return made.ok ? pass({ ticket: made.value, location }) : made;
}
