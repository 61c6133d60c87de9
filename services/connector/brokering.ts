/**
 * Who chooses the session host and signs the grant: the cloud's broker while it answers, this connector by its copy of the site
 * document while it does not. A refusal that the broker itself gives is final, silence and failure are an outage; that too much is
 * asked of the broker, by this connector or by all, is neither.
 */

import { resourceRef } from '#core/access/resource-key';
import { CIRCUIT_SETTINGS, type CircuitEffect, type CircuitEvent, nextCircuit, startCircuit } from '#core/machines/broker-circuit';
import type { Untimed } from '#core/machines/step';
import type { Granted } from '#protocol/channel';
import { CLOUD } from '#protocol/cloud-api';
import { type ErrorCode, HoldfastError } from '#protocol/errors';
import type { Component } from '#runtime/component/component';
import { cloudCall } from '#runtime/http/cloud-client';
import type { Log } from '#runtime/log/log';
import { type Patience, processDeadline } from './process-deadline.ts';
import type { Demand } from './redeem.ts';

export type Brokered = Omit<Granted, 'meeting'>;
export type Broker = (demand: Demand) => Promise<Brokered>;

export interface CloudBrokerOptions {
  readonly component: Component;
  readonly broker: string;
  readonly location: string;
  readonly patience: Patience;
  readonly signal: AbortSignal;
}

/** A hung broker delays one launch by this much, and later ones not at all. The gateway waits 4 s for all of it. */
export const BROKER_PATIENCE: Patience = { ownMs: 1_000, mostMs: 3_000 };

export function cloudBroker({ component, broker, location, patience, signal }: CloudBrokerOptions): Broker {
  return async ({ user, jkt, resource, mode, lease, authorizedAt, correlationId }) => {
    const wish = { user, jkt, resource: resourceRef(resource), location, mode, authorizedAt, correlationId };
    const deadline = processDeadline(patience);
    const options = { signal: AbortSignal.any([signal, deadline.signal]), deadlineMs: patience.mostMs, correlationId };
    try {
      return await cloudCall(component, broker, CLOUD.broker, { ...wish, ...(lease !== undefined && { lease }) }, options);
    } finally {
      deadline.end();
    }
  };
}

/** The broker's own decision about this launch: it works. */
const FINAL: readonly ErrorCode[] = ['not_entitled', 'blocked', 'not_found', 'forbidden_caller', 'too_many', 3021, 3022, 3026];

/**
 * Asks `cloud`, or brokers by `local`, as the circuit says. Each effect belongs to the launch whose event it answers, so the launches
 * carry them out themselves.
 */
export function withFallback(cloud: Broker, local: Broker, nowMs: () => number, log: Log): Broker {
  let { state } = startCircuit();
  const tell = (event: Untimed<CircuitEvent>): CircuitEffect['do'] | undefined => {
    const step = nextCircuit(state, { ...event, at: nowMs() }, CIRCUIT_SETTINGS);
    ({ state } = step);
    return step.effects[0]?.do;
  };
  return async (demand) => {
    if (tell({ type: 'launch' }) !== 'askBroker') return local(demand);
    const since = nowMs();
    try {
      const brokered = await cloud(demand);
      tell({ type: 'granted' });
      return brokered;
    } catch (error) {
      const event = eventOf(error, since);
      const then = tell(event);
      if (event.type === 'answered') throw asDenial(error);
      if (then === 'refuse') throw new HoldfastError('too_many', { reason: 'busy' }, { cause: error });
      log.warn({ correlationId: demand.correlationId, err: error }, 'The broker does not answer; brokering locally.');
      return local(demand);
    }
  };
}

/** What an unsuccessful call says of the broker. `since`: when it was asked. */
function eventOf(error: unknown, since: number): Untimed<Exclude<CircuitEvent, { type: 'launch' | 'granted' }>> {
  if (!(error instanceof HoldfastError)) return { type: 'failed' };
  if (FINAL.includes(error.code)) return { type: 'answered' };
  if (error.code === 'timeout') return { type: 'silent', since };
  return error.code === 'unavailable' && error.reason === 'saturated' ? { type: 'unasked' } : { type: 'failed' };
}

function asDenial(error: unknown): unknown {
  if (!(error instanceof HoldfastError) || typeof error.code === 'number' || error.code === 'too_many') return error;
  // This connector is not the document's any more: another one may be.
  if (error.code === 'forbidden_caller') return new HoldfastError(3021, { reason: 'other-location' }, { cause: error });
  if (error.code === 'not_found') return new HoldfastError(3021, { reason: 'not-published' }, { cause: error });
  return new HoldfastError(3022, { reason: error.code === 'blocked' ? 'blocked' : 'not-entitled' }, { cause: error });
}
