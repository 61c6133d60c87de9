/**
 * What a lease or ticket entitles to, after every check that a connector can make. Possession of the
 * device key was proven before: to this connector, or to the gateway that forwards the launch.
 */

import { judgeLease } from '#core/lease/judge-lease';
import { judgeTicket, NO_USED_TICKETS, type UsedTickets, useTicket } from '#core/lease/judge-ticket';
import { openLease } from '#core/lease/open-lease';
import { errorOf } from '#core/verdict';
import type { PresentLease, PresentTicket } from '#protocol/channel';
import { HoldfastError } from '#protocol/errors';
import type { Grant } from '#protocol/lease';
import type { LaunchMode, User } from '#protocol/primitives';
import type { Component } from '#runtime/component/component';
import type { TimeMark } from '#runtime/files/time-mark';
import { nodeCrypto } from '#runtime/jose/primitives';

/** A session that a person is entitled to. */
export interface Demand {
  readonly user: User;
  readonly jkt: string;
  readonly resource: Grant['resource'];
  readonly mode: LaunchMode;
  readonly lease?: string;
  /** seconds: when the lease or ticket was issued */
  readonly authorizedAt: number;
  readonly correlationId: string;
}

/** A launch as both a device and a gateway bring it. */
export type LaunchBody = Omit<PresentLease, 'proof'> | Omit<PresentTicket, 'proof'>;

export interface RedeemerOptions {
  readonly component: Pick<Component, 'id' | 'trust' | 'locationKeys'>;
  readonly location: string;
  readonly mark: TimeMark;
  readonly now: () => number;
}

/** Throws the code that the device receives. A ticket counts as used from here on, whether or not the launch succeeds. */
export type Redeem = (body: LaunchBody, jkt: string) => Demand;

export function redeemer({ component, location, mark, now }: RedeemerOptions): Redeem {
  let used: UsedTickets = NO_USED_TICKETS;
  // Used tickets are remembered only from here on, so those issued up to this second are refused.
  const startedAt = Math.max(now(), mark.read()) + 1;

  const redeemTicket = (body: Omit<PresentTicket, 'proof'>, jkt: string): Demand => {
    const shown = { ticket: body.ticket, statement: body.statement, jkt, location: body.location };
    const judged = judgeTicket(nodeCrypto, component.trust(), shown, now(), { id: component.id, startedAt });
    if (!judged.ok) throw errorOf(judged);
    const first = useTicket(used, judged.value, now());
    if (!first.ok) throw new HoldfastError(first.why);
    if (judged.value.iat > now()) mark.raise(judged.value.iat);
    used = first.value;
    const { user, resource, iat } = judged.value;
    return { user, jkt, resource, mode: 'ticket', authorizedAt: iat, correlationId: body.correlationId };
  };

  const redeemLease = (body: Omit<PresentLease, 'proof'>, jkt: string): Demand => {
    const shown = { files: body.lease, jkt, location: body.location };
    const trust = component.trust();
    const judged = judgeLease(nodeCrypto, trust, shown, now());
    if (!judged.ok) throw errorOf(judged);
    const opened = openLease(nodeCrypto, trust, component.locationKeys(), shown, judged.value, now());
    if (!opened.ok) throw errorOf(opened);
    const { lease, resource, iat } = judged.value.metadata;
    return { user: opened.value.common.user, jkt, resource, mode: 'lease', lease, authorizedAt: iat, correlationId: body.correlationId };
  };

  return (body, jkt) => {
    if (body.location !== location) throw new HoldfastError(3021, { reason: 'other-location' });
    return body.mode === 'ticket' ? redeemTicket(body, jkt) : redeemLease(body, jkt);
  };
}
