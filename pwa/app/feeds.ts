/** Drives one machine per feed. Requests wait for the first paint, and none are made while the person works offline by choice. */
import { FEED_SETTINGS, type FeedEffect, type FeedEvent, type FeedState, nextFeed, startFeed } from '#core/machines/feed';
import type { FeedDocument } from '#protocol/feed';
import { type Driver, drive } from '#runtime/machine/drive';
import type { KnownSession } from '../bridges/local-storage.ts';
import { inOrder } from '../view/list.ts';
import type { AppContext } from './context.ts';

export interface Feeds {
  /** Takes over the session's feeds; resolves when every copy is read. */
  open(session: KnownSession): Promise<void>;
  tell(event: FeedEvent): void;
  /** A list that the worker got without being asked, or after the deadline. */
  take(document: FeedDocument): void;
  /** Requests every feed that is not live. */
  reload(): void;
  /** Sign-out, or another person: removes everything of this one from the screen. */
  close(type: 'signedOut' | 'otherUser'): void;
}

export interface FeedWorld {
  /** resolves when the network may be used */
  readonly mayAsk: () => Promise<boolean>;
  /** an empty list counts only when the session confirms that this person is signed in */
  readonly confirms: (subject: string) => Promise<boolean>;
  readonly changed: () => void;
}

export interface FeedDoors {
  readonly model: Pick<AppContext['model'], 'set'>;
  readonly clock: Pick<AppContext['clock'], 'now' | 'chance' | 'after'>;
  readonly copies: Pick<AppContext['copies'], 'read' | 'remove'>;
  readonly worker: Pick<AppContext['worker'], 'answers'>;
  readonly workspace: Pick<AppContext['workspace'], 'feed'>;
  readonly log: Pick<AppContext['log'], 'say'>;
}

/** The worker holds the deadline; a page gives up on a worker that does not answer at all this much later. Milliseconds. */
const WORKER_GRACE_MS = 500;

interface Run {
  readonly subject: string;
  /** absent while it is made */
  machine?: Driver<FeedState, FeedEvent>;
  asked: AbortController | undefined;
  stopDeadline: () => void;
}

export function driveFeeds({ model, clock, copies, worker, workspace, log }: FeedDoors, world: FeedWorld): Feeds {
  const runs = new Map<string, Run>();

  /** Resolves when the copy is read. */
  const begin = (id: string, subject: string): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const run: Run = { subject, asked: undefined, stopDeadline: () => {} };
    runs.set(id, run);
    run.machine = drive<FeedState, FeedEvent, FeedEffect>({
      first: startFeed(FEED_SETTINGS),
      next: (state, event) => nextFeed(state, event, FEED_SETTINGS),
      clock,
      due: (at) => ({ type: 'due', at }),
      effects: {
        readCache: async (_effect, tell) => {
          try {
            tell({ type: 'cacheRead', at: clock.now(), copy: await copies.read(subject, id) });
          } finally {
            resolve();
          }
        },
        fetch: ({ deadlineMs }, tell) => ask(id, run, deadlineMs, tell),
        stopFetch: () => run.stopDeadline(),
        remove: () => copies.remove(subject, id),
      },
      stepped: (state, before, event) => {
        if (state.is !== before.is || event.type === 'failed')
          log.say(`feed ${id}: ${event.type}${'cause' in event ? ` ${event.cause}` : ''} -> ${state.is}`);
        if (runs.get(id) === run) show();
      },
      failed: (error, effect) => log.say(`feed ${id}: ${effect.do}: ${String(error)}`),
    });
    return promise;
  };
  const show = (): void => {
    const states = new Map<string, FeedState>();
    for (const [id, { machine }] of runs) if (machine !== undefined) states.set(id, machine.state);
    model.set({ feeds: states });
    world.changed();
  };

  const ask = async (id: string, run: Run, deadlineMs: number, tell: (event: FeedEvent) => void): Promise<void> => {
    run.asked?.abort();
    run.stopDeadline();
    const asked = new AbortController();
    run.asked = asked;
    const may = await world.mayAsk();
    if (asked.signal.aborted) return;
    if (!may) {
      run.asked = undefined;
      return;
    }
    run.stopDeadline = clock.after(deadlineMs + (worker.answers() ? WORKER_GRACE_MS : 0), () =>
      tell({ type: 'deadline', at: clock.now(), chance: clock.chance() }),
    );
    const verdict = await workspace.feed(id, run.subject, asked.signal);
    const counts = verdict.is !== 'emptied' || (await world.confirms(run.subject));
    if (asked.signal.aborted) return;
    run.asked = undefined;
    run.stopDeadline();
    const at = clock.now();
    if (verdict.is === 'failed' && verdict.copy !== undefined) tell({ type: 'cacheRead', at, copy: verdict.copy });
    if (verdict.is === 'failed') return tell({ type: 'failed', at, cause: verdict.cause, chance: clock.chance() });
    if (!counts) return tell({ type: 'failed', at, cause: 'not-authenticated', chance: clock.chance() });
    const { document } = verdict;
    tell({ type: verdict.is, at, document: { ...document, resources: inOrder(document.resources) } });
  };

  const drop = (id: string, run: Run, type: 'signedOut' | 'otherUser'): void => {
    runs.delete(id);
    run.asked?.abort();
    run.machine?.tell({ type, at: clock.now() });
  };

  return {
    open: async (session) => {
      const ids = new Set(session.feeds.map((feed) => feed.id));
      for (const [id, run] of runs) if (!ids.has(id) || run.subject !== session.user.subject) drop(id, run, 'otherUser');
      const reading: Promise<void>[] = [];
      for (const id of ids) {
        if (!runs.has(id)) reading.push(begin(id, session.user.subject));
      }
      show();
      await Promise.all(reading);
    },
    tell: (event) => {
      for (const { machine } of runs.values()) machine?.tell(event);
    },
    take: (document) => {
      const run = runs.get(document.feed);
      if (run?.machine === undefined || run.subject !== document.subject || run.machine.state.is === 'live') return;
      run.machine.tell({ type: 'document', at: clock.now(), document: { ...document, resources: inOrder(document.resources) } });
    },
    reload: () => {
      for (const [id, run] of runs) {
        const { machine } = run;
        if (machine === undefined) continue;
        // Begun or due while offline by choice: it is still loading without a request.
        if (machine.state.is === 'loading' && run.asked === undefined) void ask(id, run, FEED_SETTINGS.deadlineMs, machine.tell);
        else machine.tell({ type: 'reconnect', at: clock.now() });
      }
    },
    close: (type) => {
      for (const [id, run] of runs) drop(id, run, type);
      show();
    },
  };
}
