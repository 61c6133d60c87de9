/** The worker threads: started when there is work, ended after a while without (each costs memory). */
import { Worker } from 'node:worker_threads';
import { HoldfastError } from '#protocol/errors';
import type { BuildOrder, FromWorker, ToWorker } from './worker-messages.ts';

export interface Workers {
  /** Yields the parts of an order. One is made ahead while the last is being sent, never more. */
  build(order: BuildOrder, signal: AbortSignal): AsyncGenerator<FromWorker>;
  close(): Promise<void>;
}

const IDLE_MS = 60_000;
/** ms for one part of 16 leases: about 20 are usual */
const PART_MS = 5_000;
/** MiB: one part is a few hundred KiB, so little room is enough. */
const HEAP = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 1, codeRangeSizeMb: 16 };

export function openWorkers(count: number): Workers {
  const idle: { worker: Worker; timer: NodeJS.Timeout }[] = [];
  const all = new Set<Worker>();
  const wanting: ((worker: Worker) => void)[] = [];

  const take = (signal: AbortSignal): Promise<Worker> => {
    const found = idle.pop();
    if (found !== undefined) {
      clearTimeout(found.timer);
      return Promise.resolve(found.worker);
    }
    if (all.size < count) return Promise.resolve(startWorker(all));
    return new Promise((resolve, reject) => {
      wanting.push(resolve);
      signal.addEventListener('abort', () => {
        const at = wanting.indexOf(resolve);
        if (at >= 0) wanting.splice(at, 1);
        reject(signal.reason);
      });
    });
  };
  const giveBack = (worker: Worker) => {
    const next = wanting.shift();
    if (next !== undefined) return next(worker);
    idle.push({ worker, timer: setTimeout(() => retire(worker), IDLE_MS).unref() });
  };
  const retire = (worker: Worker) => {
    const at = idle.findIndex((one) => one.worker === worker);
    if (at >= 0) idle.splice(at, 1);
    all.delete(worker);
    void worker.terminate();
    const next = wanting.shift();
    if (next !== undefined) next(startWorker(all));
  };

  return {
    async *build(order, signal) {
      const worker = await take(signal);
      let finished = false;
      try {
        let coming = ask(worker, { say: 'order', order }, signal);
        for (;;) {
          const part = await coming;
          finished = part.last;
          if (!finished) {
            coming = ask(worker, { say: 'more' }, signal);
            // Awaited in the next round; until then a failure must not count as unhandled.
            coming.catch(() => {});
          }
          yield part;
          if (finished) return;
        }
      } finally {
        // A busy worker would answer into the next order.
        if (finished) giveBack(worker);
        else retire(worker);
      }
    },
    async close() {
      for (const { timer } of idle) clearTimeout(timer);
      await Promise.all([...all].map((worker) => worker.terminate()));
      all.clear();
    },
  };
}

function startWorker(all: Set<Worker>): Worker {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { resourceLimits: HEAP });
  all.add(worker);
  worker.unref();
  worker.on('exit', () => all.delete(worker));
  // Heard by whoever waits for it; without a listener it would end the process.
  worker.on('error', () => {});
  return worker;
}

function ask(worker: Worker, message: ToWorker, signal: AbortSignal): Promise<FromWorker> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void) => {
      clearTimeout(timer);
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onError);
      signal.removeEventListener('abort', onAbort);
      end();
    };
    const onMessage = (part: FromWorker) => settle(() => resolve(part));
    const onError = (cause: unknown) => settle(() => reject(new HoldfastError('internal', { reason: 'worker' }, { cause })));
    const onAbort = () => settle(() => reject(signal.reason));
    const timer = setTimeout(() => onError('It took too long.'), PART_MS);
    worker.once('message', onMessage);
    worker.once('error', onError);
    worker.once('exit', onError);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    else worker.postMessage(message);
  });
}
