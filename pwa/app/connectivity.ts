/** Drives the portal's machine: probes the session, carries the effects out, and watches while everything is well. */

import { nextPortal, startPortal, summarize } from '#core/machines/portal';
import { type Beginning, PORTAL_SETTINGS, type PortalEffect, type PortalEvent, type PortalState } from '#core/machines/portal-states';
import type { Cause } from '#protocol/causes';
import type { PortalSession } from '#protocol/workspace-api';
import { type Driver, drive } from '#runtime/machine/drive';
import { afterOwnTime } from '#runtime/machine/own-time';
import type { SessionVerdict } from '../bridges/judge.ts';
import { SIGN_IN_AGAIN_PATH, SIGN_IN_PATH } from '../bridges/workspace.ts';
import { askInTurn } from './ask-session.ts';
import type { AppContext } from './context.ts';
import { recorded } from './evidence.ts';

/** How often the session is checked while online and visible. Milliseconds. */
const WATCH_MS = 20_000;

export interface Connectivity {
  begin(how: Beginning): void;
  tell(event: PortalEvent): void;
  /** Leaves the page for the sign-in. */
  goSignIn(): void;
  /** Something failed unexpectedly: check now instead of at the next interval. */
  suspect(): void;
  /** whether the current or last probe confirmed this subject's session */
  confirms(subject: string): Promise<boolean>;
  feedsChanged(): void;
}

export interface ConnectivityWorld {
  /** A valid session. Resolves to false when it was ended instead (the person had signed out meanwhile). */
  readonly accept: (session: PortalSession) => Promise<boolean>;
  readonly busy: () => boolean;
  readonly reloadFeeds: () => void;
  readonly lost: (cause: Cause) => void;
}

export function driveConnectivity(
  { model, clock, workspace, worker, extension, local, log }: AppContext,
  world: ConnectivityWorld,
): Connectivity {
  let stopAsking = (): void => {};
  let probing: AbortController | undefined;
  let watching = false;
  let lastVerdict: Promise<SessionVerdict> = new Promise(() => {});
  let portal: Driver<PortalState, PortalEvent> | undefined;

  const tell = (event: PortalEvent): void => portal?.tell(event);
  const start = (how: Beginning): Driver<PortalState, PortalEvent> => {
    const first = startPortal(how, clock.now(), clock.sinceNavigation(), PORTAL_SETTINGS);
    model.set({ portal: first.state });
    return drive<PortalState, PortalEvent, PortalEffect>({
      first,
      next: (state, event) => nextPortal(state, event, PORTAL_SETTINGS),
      clock,
      due: (at) => ({ type: 'due', at }),
      effects: {
        probe: (effect) => probe(effect),
        stopProbe: () => stopAsking(),
        look: () => look(),
        reloadFeeds: () => world.reloadFeeds(),
        goSignIn: () => goSignIn(),
      },
      stepped: (state, before, event) => {
        if (event.type === 'outage' || event.type === 'deadline') noteFailure(event.type === 'outage' ? event.cause : 'timeout');
        if (state.is !== before.is) log.say(`portal: ${event.type} -> ${state.is}`);
        model.set({ portal: state, now: event.at });
        if (state.is === 'offline' && state.why.by === 'outage' && before.is !== 'offline') world.lost(state.why.cause);
      },
      failed: (error, effect) => log.say(`portal: ${effect.do}: ${String(error)}`),
    });
  };
  const noteFailure = (cause: Cause): void => model.set({ evidence: recorded(model.state.evidence, 'Workspace', cause, clock.now()) });

  const goSignIn = (): void => {
    // Who signed out while the Workspace was away has not told it yet: it ends what it knows, and the provider has to ask.
    location.assign(local.leaving() ? SIGN_IN_AGAIN_PATH : SIGN_IN_PATH);
  };

  const probe = async (effect: Extract<PortalEffect, { do: 'probe' }>): Promise<void> => {
    probing?.abort();
    stopAsking();
    const mine = new AbortController();
    probing = mine;
    const asking = askInTurn(
      { session: () => workspace.session(mine.signal), witness: worker.hearsWorkspace, clock, settings: PORTAL_SETTINGS },
      effect,
      () => tell({ type: 'deadline', at: clock.now(), chance: clock.chance() }),
    );
    stopAsking = asking.stop;
    lastVerdict = asking.verdict;
    const verdict = await lastVerdict;
    if (mine.signal.aborted) return;
    mine.abort();
    stopAsking();
    await judge(verdict);
  };

  /** By the extension alone: this page itself asks for nothing while the person works offline by choice. */
  const look = async (): Promise<void> => {
    await extension.arrives;
    const health = await extension.ask('health', {});
    const at = clock.now();
    tell(health.cause === undefined ? { type: 'back', at } : { type: 'outage', at, cause: health.cause, chance: clock.chance() });
  };

  const judge = async (verdict: SessionVerdict): Promise<void> => {
    switch (verdict.is) {
      case 'signedIn': {
        const kept = await world.accept(verdict.session);
        if (!kept) return tell({ type: 'signedOut', at: clock.now() });
        return tell({ type: 'signedIn', at: clock.now(), feeds: summarize(model.state.feeds.values()), busy: world.busy() });
      }
      case 'signIn':
        local.keepUnsure(true);
        model.set({ session: undefined });
        return tell({ type: 'signInNeeded', at: clock.now() });
      case 'failed':
        return tell({ type: 'outage', at: clock.now(), cause: verdict.cause, chance: clock.chance() });
    }
  };

  /** While online a failed check is repeated, so that one lost packet is not an outage. */
  const watch = async (): Promise<void> => {
    const { is } = model.state.portal;
    if (watching || (is !== 'online' && is !== 'degraded')) return;
    watching = true;
    let verdict = await once();
    if (verdict.is === 'failed') verdict = await once();
    watching = false;
    if (model.state.portal.is === 'online' || model.state.portal.is === 'degraded') await judge(verdict);
  };
  const once = async (): Promise<SessionVerdict> => {
    const late = new AbortController();
    const own = afterOwnTime(clock, PORTAL_SETTINGS.startMs, () => late.abort());
    const verdict = await workspace.session(late.signal);
    own.stop();
    return late.signal.aborted ? { is: 'failed', cause: 'timeout' } : verdict;
  };

  return {
    begin: (how) => {
      portal = start(how);
      clock.every(WATCH_MS, () => document.visibilityState === 'visible' && void watch());
      document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && void watch());
      // Only a reason to check, never a verdict: the Workspace may answer without the internet, and may be down with it.
      for (const hint of ['online', 'offline']) addEventListener(hint, () => void watch());
    },
    tell,
    goSignIn,
    suspect: () => void watch(),
    confirms: async (subject) => {
      const verdict = await lastVerdict;
      return verdict.is === 'signedIn' && verdict.session.user.subject === subject;
    },
    feedsChanged: () => tell({ type: 'feeds', at: clock.now(), feeds: summarize(model.state.feeds.values()) }),
  };
}
