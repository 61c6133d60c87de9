/**
 * A device redeems a lease or a ticket: judged here, brokered by a connector of the location; device and session host meet here.
 *
 *   possession   the device holds the key, on this very connection
 *   authority    lease or ticket is good by our clock, our root bundle and our revocation list
 *   connector    one that answers now: the named redeemer of a ticket, any of the lease's for a lease
 *   brokering    that connector's answer, within its deadline
 *   meeting      under a single-use id, at this gateway
 */

import { judgeLease } from '#core/lease/judge-lease';
import { judgeTicket } from '#core/lease/judge-ticket';
import { errorOf } from '#core/verdict';
import type { PresentLease, PresentTicket } from '#protocol/channel';
import { sourceOf } from '#runtime/budget/source';
import type { ControlRegistry } from '#runtime/channel/control-link';
import type { MustHoldKey } from '#runtime/channel/device-proof';
import { type Exchange, endSoon } from '#runtime/channel/exchange';
import type { ChannelIdentity } from '#runtime/channel/identity';
import { silenceAs } from '#runtime/channel/silent-peer';
import { nodeCrypto } from '#runtime/jose/primitives';
import type { LinesOf } from '#runtime/log/line-budget';
import type { Log } from '#runtime/log/log';
import { logRefusal, outcomeOf } from '#runtime/log/refusals';
import type { Metrics } from '#runtime/metrics/metrics';
import { connectorThatAnswers } from '../connector-that-answers.ts';
import type { Meetings } from '../meetings.ts';

export interface LaunchContext {
  readonly identity: ChannelIdentity;
  readonly mustHoldKey: MustHoldKey;
  readonly connectors: ControlRegistry;
  readonly meetings: Meetings;
  readonly now: () => number;
  readonly log: Log;
  /** for refusals: anybody can cause one */
  readonly linesOf: LinesOf;
  readonly metrics: Metrics;
}

type LaunchExchange = Exchange<PresentLease | PresentTicket>;

/** ms for brokering, once a connector has answered its ping. The device waits 5 s for both. */
const BROKER_MS = 4_000;

export function launchHandler(context: LaunchContext): (exchange: LaunchExchange) => Promise<void> {
  const launches = context.metrics.counter('holdfast_gateway_launches_total', 'Launches by mode and outcome.', ['mode', 'outcome']);
  const duration = context.metrics.duration('holdfast_gateway_launch_seconds', 'From present to grant.', ['mode']);
  return async (exchange) => {
    const { mode, correlationId, location } = exchange.present;
    const source = sourceOf(exchange.socket);
    const startedAt = performance.now();
    try {
      await launch(exchange, context);
      launches.add({ mode, outcome: 'granted' });
      duration.observe((performance.now() - startedAt) / 1_000, { mode });
      context.log.info({ correlationId, mode, location }, 'Launch granted.');
    } catch (error) {
      launches.add({ mode, outcome: outcomeOf(error) });
      logRefusal(context.linesOf(source), error, { correlationId, mode, location }, 'Launch refused.');
      throw error;
    }
  };
}

async function launch(exchange: LaunchExchange, context: LaunchContext): Promise<void> {
  const { present } = exchange;
  const jkt = context.mustHoldKey(exchange);
  const redeemers = redeemersOf(present, jkt, context);
  const connector = await connectorThatAnswers(context.connectors, redeemers, present.location, present.mode);
  const rendezvous = context.meetings.open(present.correlationId);
  try {
    const granted = await connector
      .call('launch', { request: withoutProof(present), jkt, rendezvous }, BROKER_MS)
      .catch(silenceAs('connector-silent'));
    context.meetings.name(rendezvous, granted.sessionHost);
    exchange.answer({ ...granted, type: 'grant', meeting: { route: 'rendezvous', id: rendezvous } });
    endSoon(exchange.socket);
  } catch (error) {
    context.meetings.cancel(rendezvous);
    throw error;
  }
}

/** Ids of the connectors that may redeem it. */
function redeemersOf(present: PresentLease | PresentTicket, jkt: string, { identity, now }: LaunchContext): readonly string[] {
  const trust = identity.trust();
  if (present.mode === 'lease') {
    const lease = judgeLease(nodeCrypto, trust, { files: present.lease, jkt, location: present.location }, now());
    if (!lease.ok) throw errorOf(lease);
    return lease.value.location.connectors.map(({ id }) => id);
  }
  const shown = { ticket: present.ticket, statement: present.statement, jkt, location: present.location };
  const ticket = judgeTicket(nodeCrypto, trust, shown, now());
  if (!ticket.ok) throw errorOf(ticket);
  return [ticket.value.aud];
}

function withoutProof(present: PresentLease | PresentTicket) {
  const { proof: _, news: __, ...request } = present;
  return request;
}
