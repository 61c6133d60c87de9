/**
 * Whether a connector asks the cloud's broker or brokers by its own copy. Driven by `services/connector/brokering.ts`; times are
 * monotonic milliseconds. More in docs/state-machines.md.
 *
 *    closed --failed--> open --launch, 10 s over--> trying --answered--> closed
 *                         ^                            |
 *                         +----------- failed ---------+
 *
 * While it is open, and while one launch tries, all others are brokered locally at once: a hung broker delays one launch each time.
 */
import { type Happening, type Step, same } from './step.ts';

export type CircuitState =
  | { readonly is: 'closed' }
  /** `until`: the broker is not asked before */
  | { readonly is: 'open'; readonly until: number }
  /** one launch asks the broker */
  | { readonly is: 'trying' };

export type CircuitEvent = Happening &
  (
    | { readonly type: 'launch' }
    /** the broker granted, or refused the person: it works */
    | { readonly type: 'answered' }
    /** silence, a failure, or another's certificate */
    | { readonly type: 'failed' }
  );

/** What becomes of the launch whose event it was. */
export type CircuitEffect = { readonly do: 'askBroker' } | { readonly do: 'brokerLocally' };

/** Milliseconds. */
export interface CircuitSettings {
  readonly openMs: number;
}
export const CIRCUIT_SETTINGS: CircuitSettings = { openMs: 10_000 };

type CircuitStep = Step<CircuitState, CircuitEffect>;

export function startCircuit(): CircuitStep {
  return same({ is: 'closed' });
}

export function nextCircuit(state: CircuitState, event: CircuitEvent, settings: CircuitSettings): CircuitStep {
  switch (event.type) {
    case 'launch':
      if (state.is === 'closed') return { state, effects: [{ do: 'askBroker' }] };
      return state.is === 'open' && event.at >= state.until ? becomeTrying() : { state, effects: [{ do: 'brokerLocally' }] };
    case 'answered':
      return becomeClosed(state);
    case 'failed':
      return becomeOpen(event.at, settings);
  }
}

function becomeTrying(): CircuitStep {
  return { state: { is: 'trying' }, effects: [{ do: 'askBroker' }] };
}

function becomeClosed(state: CircuitState): CircuitStep {
  return state.is === 'closed' ? same(state) : { state: { is: 'closed' }, effects: [] };
}

function becomeOpen(at: number, { openMs }: CircuitSettings): CircuitStep {
  return { state: { is: 'open', until: at + openMs }, effects: [{ do: 'brokerLocally' }] };
}
