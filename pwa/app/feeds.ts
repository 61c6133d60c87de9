/** Drives one machine per feed. Requests wait for the first paint, and none are made while the person works offline by choice. */
import { FEED_SETTINGS, type FeedEffect, type FeedEvent, type FeedState, nextFeed, shownOf, startFeed } from '#core/machines/feed';
import type { FeedDocument } from '#protocol/feed';
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
  close(event: Extract<FeedEvent, { type: 'signedOut' | 'otherUser' }>): void;
}

export interface FeedWorld {
  /** resolves when the network may be used */
  readonly mayAsk: () => Promise<boolean>;
  /** an empty list counts only when the session confirms that this person is signed in */
  readonly confirms: (subject: string) => Promise<boolean>;
  readonly changed: () => void;
}

/** The worker holds the deadline; a page gives up on a worker that does not answer at all this much later. Milliseconds. */
const WORKER_GRACE_MS = 500;

interface Run {
  readonly subject: string;
  state: FeedState;
  asked: AbortController | undefined;
  stopDeadline: () => void;
  stopRetry: () => void;
}

export function driveFeeds({ model, clock, copies, worker, workspace, log }: AppContext, world: FeedWorld): Feeds {
  const runs = new Map<string, Run>();

  const tellOne = (id: string, run: Run, event: FeedEvent): void => {
    const step = nextFeed(run.state, event, FEED_SETTINGS);
    if (step.state.is !== run.state.is || event.type === 'failed')
      log.say(`feed ${id}: ${event.type}${'cause' in event ? ` ${event.cause}` : ''} -> ${step.state.is}`);
    run.state = step.state;
    for (const effect of step.effects) carryOut(id, run, effect).catch(() => log.say(`feed ${id}: ${effect.do} failed`));
    if (runs.get(id) === run) show();
  };
  const show = (): void => {
    model.set({ feeds: new Map([...runs].map(([id, { state }]) => [id, state])) });
    world.changed();
  };

  const carryOut = async (id: string, run: Run, effect: FeedEffect): Promise<void> => {
    switch (effect.do) {
      case 'readCache':
        return tellOne(id, run, { type: 'cacheRead', copy: await copies.read(run.subject, id) });
      case 'fetch':
        return ask(id, run, effect.deadlineMs);
      case 'remove':
        return copies.remove(run.subject, id);
      case 'retryAfter':
        run.stopRetry();
        run.stopRetry = clock.after(effect.ms, () => tellOne(id, run, { type: 'retry' }));
        return;
      case 'rest':
        run.stopDeadline();
        run.stopRetry();
        return;
    }
  };

  const ask = async (id: string, run: Run, deadlineMs: number): Promise<void> => {
    if (!(await world.mayAsk()) || runs.get(id) !== run) return;
    run.asked?.abort();
    run.stopDeadline();
    run.stopRetry();
    const asked = new AbortController();
    run.asked = asked;
    run.stopDeadline = clock.after(deadlineMs + (worker.answers() ? WORKER_GRACE_MS : 0), () =>
      tellOne(id, run, { type: 'deadline', chance: clock.chance() }),
    );
    const verdict = await workspace.feed(id, run.subject, asked.signal);
    const counts = verdict.is !== 'emptied' || (await world.confirms(run.subject));
    if (asked.signal.aborted || runs.get(id) !== run) return;
    run.asked = undefined;
    run.stopDeadline();
    if (verdict.is === 'failed' && verdict.copy !== undefined) tellOne(id, run, { type: 'cacheRead', copy: verdict.copy });
    if (verdict.is === 'failed') return tellOne(id, run, { type: 'failed', cause: verdict.cause, chance: clock.chance() });
    if (!counts) return tellOne(id, run, { type: 'failed', cause: 'not-authenticated', chance: clock.chance() });
    const { document } = verdict;
    tellOne(id, run, { type: verdict.is, document: { ...document, resources: inOrder(document.resources) } });
  };

  const drop = (id: string, run: Run, event: FeedEvent): void => {
    runs.delete(id);
    run.asked?.abort();
    tellOne(id, run, event);
  };

  return {
    open: async (session) => {
      const ids = new Set(session.feeds.map((feed) => feed.id));
      for (const [id, run] of runs) if (!ids.has(id) || run.subject !== session.user.subject) drop(id, run, { type: 'otherUser' });
      const reading: Promise<void>[] = [];
      for (const id of ids) {
        if (runs.has(id)) continue;
        const { state, effects } = startFeed(FEED_SETTINGS);
        const run: Run = { subject: session.user.subject, state, asked: undefined, stopDeadline: () => {}, stopRetry: () => {} };
        runs.set(id, run);
        for (const effect of effects) {
          const done = carryOut(id, run, effect);
          if (effect.do === 'readCache') reading.push(done);
        }
      }
      show();
      await Promise.all(reading);
    },
    tell: (event) => {
      for (const [id, run] of runs) tellOne(id, run, event);
    },
    take: (document) => {
      const run = runs.get(document.feed);
      if (run === undefined || run.subject !== document.subject || run.state.is === 'live') return;
      tellOne(document.feed, run, { type: 'document', document: { ...document, resources: inOrder(document.resources) } });
    },
    reload: () => {
      for (const [id, run] of runs) {
        // Started while offline by choice: it is still loading without a request.
        const unasked = run.state.is === 'loading' && run.asked === undefined && shownOf(run.state) === undefined;
        if (unasked) void ask(id, run, FEED_SETTINGS.deadlineMs);
        else tellOne(id, run, { type: 'reconnect' });
      }
    },
    close: (event) => {
      for (const [id, run] of runs) drop(id, run, event);
      show();
    },
  };
}
