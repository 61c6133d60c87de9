/**
 * Who chooses the session host and signs the grant: the cloud's broker while it answers, this connector by its copy of the site
 * configuration while it does not. A refusal that the broker itself gives is final; silence and failure are an outage.
 */

import { resourceRef } from '#core/access/resource-key';
import { CIRCUIT_SETTINGS, type CircuitEvent, nextCircuit, startCircuit } from '#core/machines/broker-circuit';
import type { Granted } from '#protocol/channel';
import { CLOUD } from '#protocol/cloud-api';
import { type ErrorCode, HoldfastError } from '#protocol/errors';
import type { Component } from '#runtime/component/component';
import { cloudCall } from '#runtime/http/cloud-client';
import type { Log } from '#runtime/log/log';
import type { Demand } from './redeem.ts';

export type Brokered = Omit<Granted, 'meeting'>;
export type Broker = (demand: Demand) => Promise<Brokered>;

export interface CloudBrokerOptions {
  readonly component: Component;
  readonly broker: string;
  readonly location: string;
  readonly signal: AbortSignal;
}

/** ms: a hung broker delays one launch by this much, and later ones not at all */
const DEADLINE_MS = 1_000;

export function cloudBroker({ component, broker, location, signal }: CloudBrokerOptions): Broker {
  return ({ user, jkt, resource, mode, lease, authorizedAt, correlationId }) =>
    cloudCall(
      component,
      broker,
      CLOUD.broker,
      { user, jkt, resource: resourceRef(resource), location, mode, authorizedAt, correlationId, ...(lease !== undefined && { lease }) },
      { signal, deadlineMs: DEADLINE_MS, correlationId },
    );
}

/** The broker's decision about the person, not a sign of its health. */
const FINAL: readonly ErrorCode[] = ['not_entitled', 'blocked', 'not_found', 3021, 3022, 3026];

/**
 * Asks `cloud`, or brokers by `local`, as the circuit says. Each effect belongs to the launch whose event it answers, so the launches
 * carry them out themselves.
 */
export function withFallback(cloud: Broker, local: Broker, nowMs: () => number, log: Log): Broker {
  let { state } = startCircuit();
  const tell = (type: CircuitEvent['type']): boolean => {
    const step = nextCircuit(state, { type, at: nowMs() }, CIRCUIT_SETTINGS);
    ({ state } = step);
    return step.effects.some((effect) => effect.do === 'askBroker');
  };
  return async (demand) => {
    if (!tell('launch')) return local(demand);
    try {
      const brokered = await cloud(demand);
      tell('answered');
      return brokered;
    } catch (error) {
      if (error instanceof HoldfastError && FINAL.includes(error.code)) {
        tell('answered');
        throw asDenial(error);
      }
      log.warn({ correlationId: demand.correlationId, err: error }, 'The broker does not answer; brokering locally.');
      tell('failed');
      return local(demand);
    }
  };
}

function asDenial(error: HoldfastError): HoldfastError {
  if (typeof error.code === 'number') return error;
  if (error.code === 'not_found') return new HoldfastError(3021, { reason: 'not-published' }, { cause: error });
  return new HoldfastError(3022, { reason: error.code === 'blocked' ? 'blocked' : 'not-entitled' }, { cause: error });
}
