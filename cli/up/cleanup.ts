/** What has to be undone when `up` ends, in reverse order, whatever fails in between; and the reasons for which it ends. */

export interface Endings {
  add(end: () => Promise<void> | void): void;
  /** runs every ending once; the first call counts */
  run(): Promise<void>;
}

export function collectEndings(): Endings {
  const endings: (() => Promise<void> | void)[] = [];
  let running: Promise<void> | undefined;
  const runAll = async () => {
    for (const end of endings.reverse()) {
      try {
        await end();
      } catch (error) {
        process.stderr.write(`While ending: ${error instanceof Error ? error.message : String(error)}\n`);
      }
    }
  };
  return {
    add: (end) => void endings.push(end),
    run: () => (running ??= runAll()),
  };
}

const PARENT_POLL_MS = 500;

/** Aborts `controller` at Ctrl-C, SIGTERM, SIGHUP, and when the process that started us is gone. */
export function endOnSignals(controller: AbortController): void {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => controller.abort());
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) controller.abort();
  }, PARENT_POLL_MS);
  timer.unref();
  controller.signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}
