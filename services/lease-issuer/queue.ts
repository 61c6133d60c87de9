/**
 * The queue of lease syncs. Each caller waits on its own connection; the table keeps the order, so that a restart of this
 * service costs nobody their place: a device that asks again resumes its job.
 */
import { HoldfastError } from '#protocol/errors';
import { newId } from '#runtime/jose/sign';
import { jobsAhead, nextJob, type WaitingJob } from './queue-order.ts';
import type { Store } from './store.ts';

export interface Asks {
  readonly subject: string;
  readonly jkt: string;
}

export interface Queue {
  /**
   * Waits for its turn; `onAhead` receives the number of jobs ahead. The returned `finish` must be called once.
   * Throws `too_many` when the queue is full, `conflict` when the same device asks again meanwhile.
   */
  turn(asks: Asks, signal: AbortSignal, onAhead: (ahead: number) => void): Promise<Turn>;
  waiting(): number;
  close(): void;
}

export interface Turn {
  readonly signal: AbortSignal;
  finish(outcome: { leases: number } | { failed: string }): Promise<void>;
}

const WAITING_MAX = 5_000;
const WAITING_PER_PERSON_MAX = 8;
/** ms that the place of an interrupted job is kept, and a finished job's record */
const PLACE_KEPT_MS = 15 * 60_000;
const RECORD_KEPT_MS = 7 * 86_400_000;

interface Waiting extends WaitingJob {
  readonly jkt: string;
  readonly ending: AbortController;
  readonly start: () => void;
  readonly onAhead: (ahead: number) => void;
}

interface Admitted {
  readonly id: string;
  readonly ended: AbortSignal;
  /** resolves at its turn */
  readonly started: Promise<void>;
}

export async function openQueue(store: Store, { owner, slots, now }: { owner: string; slots: number; now: () => number }): Promise<Queue> {
  await store.sql
    .updateTable('lease_job')
    .set({ state: 'queued', started_at: null })
    .where('owner', '=', owner)
    .where('state', '=', 'running')
    .execute();
  const waiting = new Map<string, Waiting>();
  const running = new Map<string, Waiting>();

  const startNext = () => {
    while (running.size < slots) {
      const job = nextJob([...waiting.values()], new Set([...running.values()].map(({ subject }) => subject)));
      if (job === undefined) break;
      waiting.delete(job.id);
      running.set(job.id, job);
      job.start();
    }
    for (const job of waiting.values()) job.onAhead(jobsAhead([...waiting.values()], job, running.size));
  };

  /** The job's row: the one that this device had before a restart, or a new one. */
  const place = async (subject: string, jkt: string): Promise<{ id: string; queuedAt: number }> => {
    const at = now();
    const jobs = store.sql.selectFrom('lease_job').select(['id', 'queued_at']).where('owner', '=', owner).where('state', '=', 'queued');
    const kept = await jobs
      .where('subject', '=', subject)
      .where('jkt', '=', jkt)
      .where('queued_at', '>=', at - PLACE_KEPT_MS)
      .execute();
    const mine = kept.find(({ id }) => !waiting.has(id) && !running.has(id));
    if (mine !== undefined) return { id: mine.id, queuedAt: mine.queued_at };
    const id = newId();
    await store.sql
      .insertInto('lease_job')
      .values({ id, owner, subject, jkt, state: 'queued', queued_at: at, started_at: null, finished_at: null, leases: null, detail: null })
      .execute();
    return { id, queuedAt: at };
  };

  const finish = async (id: string, outcome: { leases: number } | { failed: string }) => {
    waiting.delete(id);
    running.delete(id);
    startNext();
    const at = now();
    const result =
      'leases' in outcome ? { state: 'done' as const, leases: outcome.leases } : { state: 'failed' as const, detail: outcome.failed };
    await store.sql
      .updateTable('lease_job')
      .set({ ...result, finished_at: at })
      .where('id', '=', id)
      .execute();
    await store.sql
      .deleteFrom('lease_job')
      .where('queued_at', '<', at - RECORD_KEPT_MS)
      .execute();
  };

  /** Checks and takes the place. It replaces the device's earlier request. */
  const admit = async ({ subject, jkt }: Asks, signal: AbortSignal, onAhead: (ahead: number) => void): Promise<Admitted> => {
    signal.throwIfAborted();
    if (waiting.size >= WAITING_MAX) throw new HoldfastError('too_many');
    const own = [...waiting.values(), ...running.values()].filter((job) => job.subject === subject);
    if (own.length >= WAITING_PER_PERSON_MAX) throw new HoldfastError('too_many', { reason: 'devices' });
    for (const job of own.filter((one) => one.jkt === jkt)) job.ending.abort(new HoldfastError('conflict', { reason: 'asked-again' }));
    const { id, queuedAt } = await place(subject, jkt);
    const ending = new AbortController();
    const ended = AbortSignal.any([signal, ending.signal]);
    const started = Promise.withResolvers<void>();
    started.promise.catch(() => {});
    ended.addEventListener('abort', () => started.reject(ended.reason), { once: true });
    waiting.set(id, { id, subject, jkt, queuedAt, ending, onAhead, start: () => started.resolve() });
    return { id, ended, started: started.promise };
  };

  // One at a time: the check still holds when the place is taken.
  let door: Promise<unknown> = Promise.resolve();
  const enter: typeof admit = (...asking) => {
    const entered = door.then(() => admit(...asking));
    door = entered.catch(() => {});
    return entered;
  };

  return {
    waiting: () => waiting.size,
    close() {
      for (const { ending } of [...waiting.values(), ...running.values()])
        ending.abort(new HoldfastError('unavailable', { reason: 'stopped' }));
    },
    async turn(asks, signal, onAhead) {
      const { id, ended, started } = await enter(asks, signal, onAhead);
      try {
        ended.throwIfAborted();
        startNext();
        await started;
        await store.sql.updateTable('lease_job').set({ state: 'running', started_at: now() }).where('id', '=', id).execute();
      } catch (cause) {
        await finish(id, { failed: cause instanceof HoldfastError ? String(cause.code) : 'internal' });
        throw cause;
      }
      return { signal: ended, finish: (outcome) => finish(id, outcome) };
    },
  };
}
