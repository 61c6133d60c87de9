/**
 * What can be done to a component, and which steps lead there. Pure: `supervisor.ts` carries the steps out.
 *
 *   stop     the process is ended: connections are refused
 *   hang     SIGSTOP: the kernel still accepts, nobody ever answers
 *   error    the process is ended and its listener answers failures: 503, or a cut connection where no HTTP is spoken
 *   slow     the process is slowed: it runs a fifth of the time, in slices, so every answer comes late
 *   restore  as before
 */

export const FAULTS = ['stop', 'hang', 'error', 'slow', 'restore'] as const;
export type Fault = (typeof FAULTS)[number];

/** How a component stands. `failed`: it ended by itself. */
export type Standing = 'starting' | 'up' | 'stopped' | 'hung' | 'error' | 'slow' | 'failed';

export type Step =
  | 'end process'
  | 'start process'
  | 'freeze'
  | 'thaw'
  | 'slow down'
  | 'speed up'
  | 'start error server'
  | 'end error server';

/** Steps from any standing to where there is a process that runs freely. */
const TO_UP: Readonly<Record<Standing, readonly Step[]>> = {
  starting: [],
  up: [],
  stopped: ['start process'],
  failed: ['start process'],
  hung: ['thaw'],
  slow: ['speed up'],
  error: ['end error server', 'start process'],
};

/** Steps from any standing to where nothing listens. */
const TO_STOPPED: Readonly<Record<Standing, readonly Step[]>> = {
  starting: ['end process'],
  up: ['end process'],
  stopped: [],
  failed: [],
  hung: ['end process'],
  slow: ['speed up', 'end process'],
  error: ['end error server'],
};

const AFTER: Readonly<Record<Fault, Standing>> = { stop: 'stopped', hang: 'hung', error: 'error', slow: 'slow', restore: 'up' };

/** Nothing to do when it stands like that already. */
export function stepsTo(fault: Fault, from: Standing): { readonly steps: readonly Step[]; readonly standing: Standing } {
  const standing = AFTER[fault];
  if (standing === from) return { steps: [], standing };
  switch (fault) {
    case 'restore':
      return { steps: TO_UP[from], standing };
    case 'hang':
      return { steps: [...TO_UP[from], 'freeze'], standing };
    case 'slow':
      return { steps: [...TO_UP[from], 'slow down'], standing };
    case 'stop':
      return { steps: TO_STOPPED[from], standing };
    case 'error':
      return { steps: [...TO_STOPPED[from], 'start error server'], standing };
  }
}
