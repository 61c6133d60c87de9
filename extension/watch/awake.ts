/** While a tab's deadline runs the host's port is open and the worker stays awake, so that timers hold (B-E13). */
import type { WatchState } from '#core/machines/login-watch-states';
import type { Clock } from '../clock.ts';

/** An idle worker is stopped after 30 s; any call in between keeps it. */
const AWAKE_EVERY = 20_000;

export interface AwakeNeeds {
  readonly clock: Clock;
  /** keeps the host's port open until the result is called */
  hold(): () => void;
  /** any call to the browser */
  stayAwake(): void;
}

/** Receives the tabs' states after each change. */
export function createAwake({ clock, hold, stayAwake }: AwakeNeeds): (states: ReadonlyMap<number, WatchState>) => void {
  let sleep: (() => void) | null = null;

  function awake(): () => void {
    const release = hold();
    let forget = (): void => {};
    const again = (): void => {
      stayAwake();
      forget = clock.after(AWAKE_EVERY, again);
    };
    again();
    return () => {
      release();
      forget();
    };
  }

  return (states) => {
    const watching = [...states.values()].some((state) => state.is === 'watching' && state.deadline !== null);
    if (watching) sleep ??= awake();
    else {
      sleep?.();
      sleep = null;
    }
  };
}
