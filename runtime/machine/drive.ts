/**
 * The one driver of every state machine: holds the state, keeps the timer, carries effects out in their order. It has no platform
 * of its own (clock and handlers are handed in), so the page, the extension and Node import this same file (docs/adr/0009).
 *
 * What is told while a step is carried out waits until that step is done. With `keep`, effects wait until the state is saved; the
 * timer does not have to, because a machine ignores one that it does not wait for.
 */
import type { Happening, Step, TimerEffect } from '#core/machines/step';

export interface Timing {
  /** milliseconds */
  now(): number;
  /** Runs `run` once after `ms`; the result cancels it. */
  after(ms: number, run: () => void): () => void;
}

interface Deed {
  readonly do: string;
}

/** One handler for each effect but those of the timer, which are the driver's own. What it throws is told to `failed`; nobody waits for its promise. */
export type Handlers<Event, Effect extends Deed> = {
  readonly [Do in Exclude<Effect['do'], TimerEffect['do']>]: (
    effect: Extract<Effect, { readonly do: Do }>,
    tell: (event: Event) => void,
  ) => unknown;
};

export interface DriveOptions<State, Event extends Happening, Effect extends Deed> {
  /** from `start<Name>`, or what was kept; its effects are carried out at once */
  readonly first: Step<State, Effect>;
  readonly next: (state: State, event: Event) => Step<State, Effect>;
  readonly clock: Timing;
  /** the event of the timer; `at` is never before the time that was waited for */
  readonly due?: (at: number) => Event;
  readonly effects: Handlers<Event, Effect>;
  /** told of each step, before its effects */
  readonly stepped?: (state: State, before: State, event: Event) => void;
  /** An effect failed; the ones after it are still carried out. */
  readonly failed: (error: unknown, effect: Effect) => void;
  /** for a process that may be stopped at any moment */
  readonly keep?: {
    /** When it rejects, `saveFailed` is called and the effects are still carried out. */
    save(state: State): Promise<void>;
    saveFailed(error: unknown): void;
    /** wakes the process at that time, also if it is stopped meanwhile; undefined: not any more */
    alarm(until: number | undefined): void;
  };
  /** Ends it: no timer, no step and no effect after that. */
  readonly signal?: AbortSignal;
}

export interface Driver<State, Event> {
  readonly state: State;
  tell(event: Event): void;
}

export function drive<State, Event extends Happening, Effect extends Deed>(
  options: DriveOptions<State, Event, Effect>,
): Driver<State, Event> {
  const { first, next, clock, due, effects: handlers, stepped, failed, keep, signal } = options;
  const queue: Event[] = [];
  let { state } = first;
  let busy = false;
  let forget = (): void => {};
  let saved: Promise<void> | undefined;

  const tell = (event: Event): void => {
    queue.push(event);
    if (!busy) run();
  };

  const run = (): void => {
    busy = true;
    try {
      for (let event = queue.shift(); event !== undefined && signal?.aborted !== true; event = queue.shift()) {
        const before = state;
        const step = next(before, event);
        ({ state } = step);
        stepped?.(state, before, event);
        take(step);
      }
    } finally {
      busy = false;
    }
  };

  const take = ({ effects }: Step<State, Effect>): void => {
    if (keep === undefined) {
      carryOut(effects);
      return;
    }
    for (const effect of effects) if (isTimer(effect)) time(effect);
    const before = saved;
    saved = keep
      .save(state)
      .catch(keep.saveFailed)
      .then(() => before)
      .then(() => carryOut(effects.filter((effect) => !isTimer(effect))));
  };

  const time = (effect: TimerEffect): void => {
    forget();
    forget = () => {};
    const until = effect.do === 'wait' ? effect.until : undefined;
    keep?.alarm(until);
    if (until === undefined || due === undefined) return;
    // Timers may be a little early by the clock that set them; the machine would then wait for a second one that never comes.
    forget = clock.after(Math.max(0, Math.ceil(until - clock.now())), () => tell(due(Math.max(until, clock.now()))));
  };

  const carryOut = (effects: readonly Effect[]): void => {
    for (const effect of effects) {
      if (signal?.aborted === true) return;
      if (isTimer(effect)) time(effect);
      else void perform(effect);
    }
  };

  // The compiler cannot see that an effect and the handler of its name belong together.
  const table = handlers as unknown as Readonly<Record<string, (effect: Effect, tell: (event: Event) => void) => unknown>>;
  const perform = async (effect: Effect): Promise<void> => {
    try {
      await table[effect.do]?.(effect, tell);
    } catch (error) {
      failed(error, effect);
    }
  };

  signal?.addEventListener('abort', () => forget(), { once: true });
  busy = true;
  carryOut(first.effects);
  busy = false;
  run();
  return {
    get state() {
      return state;
    },
    tell,
  };
}

function isTimer(effect: Deed): effect is TimerEffect {
  return effect.do === 'wait' || effect.do === 'rest';
}
