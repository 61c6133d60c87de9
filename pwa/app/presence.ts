/** Whether the person is in the middle of something: then nothing changes under their hands. */
import type { AppContext } from './context.ts';

/** A person who used mouse or keyboard this recently is busy. Milliseconds. */
const BUSY_MS = 60_000;

export interface Presence {
  /** listens from now on */
  begin(): void;
  busy(): boolean;
}

/** Who opens the page is there. */
export function watchPresence({ model, clock }: Pick<AppContext, 'model' | 'clock'>): Presence {
  let touched = clock.now();
  const touch = (): void => {
    touched = clock.now();
  };
  return {
    begin: () => {
      for (const sign of ['pointerdown', 'keydown']) addEventListener(sign, touch, { passive: true, capture: true });
    },
    busy: () =>
      document.visibilityState === 'visible' &&
      (clock.now() - touched < BUSY_MS || model.state.launch !== undefined || model.state.search !== ''),
  };
}
