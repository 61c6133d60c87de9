/**
 * Whether a connector asks the cloud's broker or brokers by its own copy. Driven by `services/connector/brokering.ts`; times are
 * monotonic milliseconds. More in docs/state-machines.md.
 *
 *    closed --failed, silent--> open --launch, 10 s over--> trying --answered, granted--> closed
 *                                 ^                            |
 *                                 +-------- failed, silent ----+
 *
 * While it is open, and while one launch tries, all others are brokered locally at once: a hung broker delays one launch each time.
 * Silence is an outage only when the broker has granted nothing since that launch asked it: a broker that goes on granting is
 * slow, or we ask too much of it, and no flood of launches may pass for an outage.
 */
import { type Happening, type Step, same } from './step.ts';

export type CircuitState =
  /** `grantedAt`: when the broker last granted a launch, as far as known */
  | { readonly is: 'closed'; readonly grantedAt?: number }
  /** `until`: the broker is not asked before */
  | { readonly is: 'open'; readonly until: number }
  /** one launch asks the broker */
  | { readonly is: 'trying' };

export type CircuitEvent = Happening &
  (
    | { readonly type: 'launch' }
    /** the broker granted it */
    | { readonly type: 'granted' }
    /** the broker refused it, the person or for want of room or time: it works */
    | { readonly type: 'answered' }
    /** no answer in time to a launch that asked at `since` */
    | { readonly type: 'silent'; readonly since: number }
    /** not asked, because too many wait for the broker already */
    | { readonly type: 'unasked' }
    /** no connection, another's certificate, or a broker that says it can't */
    | { readonly type: 'failed' }
  );

/** What becomes of the launch whose event it was. */
export type CircuitEffect = { readonly do: 'askBroker' } | { readonly do: 'brokerLocally' } | { readonly do: 'refuse' };

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
    case 'granted':
      return becomeClosed(event.at);
    case 'answered':
      return state.is === 'closed' ? same(state) : becomeClosed();
    case 'silent':
      return state.is === 'closed' && (state.grantedAt ?? -1) >= event.since ? refused(state) : becomeOpen(event.at, settings);
    case 'unasked':
      // Nobody but the one that tries asks an open circuit's broker: those who wait are its own victims.
      return state.is === 'closed' ? refused(state) : becomeOpen(event.at, settings);
    case 'failed':
      return becomeOpen(event.at, settings);
  }
}

function becomeTrying(): CircuitStep {
  return { state: { is: 'trying' }, effects: [{ do: 'askBroker' }] };
}

function becomeClosed(grantedAt?: number): CircuitStep {
  return { state: { is: 'closed', ...(grantedAt !== undefined && { grantedAt }) }, effects: [] };
}

/** The same may succeed a moment later. */
function refused(state: CircuitState): CircuitStep {
  return { state, effects: [{ do: 'refuse' }] };
}

function becomeOpen(at: number, { openMs }: CircuitSettings): CircuitStep {
  return { state: { is: 'open', until: at + openMs }, effects: [{ do: 'brokerLocally' }] };
}
