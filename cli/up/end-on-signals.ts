/** The reasons for which `up` ends. */

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
