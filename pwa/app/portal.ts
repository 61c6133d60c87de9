/** Composes the drivers. */
import type { Beginning } from '#core/machines/portal-states';
import { acceptSession } from './accept-session.ts';
import { type Actions, actionsOf } from './actions.ts';
import { bindingExtension } from './bound-extension.ts';
import { driveConnectivity } from './connectivity.ts';
import type { AppContext } from './context.ts';
import { driveFeeds } from './feeds.ts';
import { driveLaunches } from './launches.ts';
import type { driveLosses, Losses } from './losses.ts';
import { isByChoice } from './model.ts';
import { driveHost } from './native-host.ts';
import { type News, passOnNews } from './news.ts';
import { watchPresence } from './presence.ts';
import { driveReports } from './reports.ts';

/** Ages on the screen are updated this often. Milliseconds. */
const TICK_MS = 15_000;

const NONE: ReadonlySet<string> = new Set();

export interface Portal extends News {
  readonly actions: Actions;
  /** Reads what is kept, lets it paint, then asks extension and Workspace. */
  begin(how: Beginning, painted: () => Promise<void>): Promise<void>;
  /** from the second script */
  watchLosses(drive: typeof driveLosses): void;
}

export function createPortal(doors: AppContext): Portal {
  const parts: AppContext = { ...doors, extension: bindingExtension(doors) };
  const { model, clock, local, extension, favourites } = parts;
  const { promise: firstPicture, resolve: paintedFirst } = Promise.withResolvers<void>();
  const presence = watchPresence(parts);
  let watched: Losses | undefined;
  /** Before the second script is there nothing is lost. */
  const losses: Losses = {
    ended: (event) => watched?.ended(event),
    listed: (sessions) => watched?.listed(sessions),
    found: (reachability) => watched?.found(reachability),
    putAway: (location) => watched?.putAway(location),
  };

  const feeds = driveFeeds(parts, {
    mayAsk: () => firstPicture.then(() => !isByChoice(model.state)),
    confirms: (subject) => connectivity.confirms(subject),
    changed: () => connectivity.feedsChanged(),
  });
  const connectivity = driveConnectivity(parts, {
    busy: presence.busy,
    reloadFeeds: () => feeds.reload(),
    lost: (cause) => feeds.tell({ type: 'failed', at: clock.now(), cause, chance: clock.chance() }),
    accept: (session) => acceptSession(parts, { feeds, host }, session),
  });
  const host = driveHost(parts, losses);
  const launching = driveLaunches(parts, host, () => connectivity.suspect());
  const report = driveReports(parts);

  model.subscribe((now, before) => {
    if (before.portal.is === 'offline' && now.portal.is !== 'offline') history.replaceState(null, '', '/');
    if (now.host.path === 'ready' && before.host.path !== 'ready' && now.session !== undefined) void host.saveAccess(now.session);
  });

  return {
    begin: async (how, painted) => {
      if (how === 'from-sign-in') local.keepLeaving(false);
      presence.begin();
      clock.every(TICK_MS, () => document.visibilityState === 'visible' && model.set({ now: clock.now() }));
      if (how === 'by-choice') connectivity.begin(how);
      const { known } = model.state;
      if (known !== undefined) {
        const { subject } = known.user;
        const marked = local.marked(subject) ? favourites.read(subject) : NONE;
        await feeds.open(known);
        model.set({ favourites: await marked });
      }
      await painted();
      paintedFirst();
      if (how !== 'by-choice') connectivity.begin(how);
      void extension.arrives.then(report);
      await host.begin();
    },
    watchLosses: (drive) => {
      watched = drive(parts);
    },
    ...passOnNews(parts, { feeds, connectivity, host, launching, losses }),
    actions: actionsOf(parts, { feeds, connectivity, launching, losses }),
  };
}
