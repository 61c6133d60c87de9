/** One ticket: one redeemer, one device, one use, 90 s. Its redeemer enforces the single use. */
import type * as v from 'valibot';
import type { CLOUD } from '#protocol/cloud-api';
import { TYP } from '#protocol/jose';
import type { Ticket } from '#protocol/lease';
import { TIMES } from '#protocol/limits';
import type { Component } from '#runtime/component/component';
import { newId } from '#runtime/jose/sign';

type Call = typeof CLOUD.issueTicket;

/** `now` in seconds. */
export function issueTicket({ signer, statement, trust }: Pick<Component, 'signer' | 'statement' | 'trust'>, now: () => number) {
  return async (wish: v.InferOutput<Call['request']>): Promise<v.InferOutput<Call['reply']>> => {
    const iat = now();
    const ticket: Ticket = {
      jti: newId(),
      tenant: trust().bundle.tenant,
      aud: wish.redeemer,
      location: wish.location,
      cnf: { jkt: wish.jkt },
      user: wish.user,
      resource: wish.resource,
      deliveryGroup: wish.deliveryGroup,
      iat,
      exp: iat + TIMES.ticketSeconds,
    };
    return { ticket: signer.sign(TYP.ticket, ticket), statement: statement() };
  };
}
