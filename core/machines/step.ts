/** What every state machine here is made of: one step gives the next state and, as data, what is to be done about it. */
export interface Step<State, Effect> {
  readonly state: State;
  readonly effects: readonly Effect[];
}

/** Every event says when it happened. Milliseconds of one clock for each machine, wall or monotonic as its head says. */
export interface Happening {
  readonly at: number;
}

/** An event before it is told: whoever tells it says when. */
export type Untimed<Event> = Event extends Happening ? Omit<Event, 'at'> : never;

/** Each machine has one timer, which its driver keeps. */
export type TimerEffect =
  /** a `due` event is wanted then; replaces the one before */
  | { readonly do: 'wait'; readonly until: number }
  /** none is wanted any more */
  | { readonly do: 'rest' };

/** Nothing changes and nothing is done. */
export function same<State>(state: State): Step<State, never> {
  return { state, effects: [] };
}
