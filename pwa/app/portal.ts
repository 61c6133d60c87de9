/** Composes the drivers, and defines the actions for the elements. */
import { shownOf } from '#core/machines/feed';
import type { Beginning } from '#core/machines/portal-states';
import type { WireError } from '#protocol/errors';
import type { PageEvent } from '../bridges/extension.ts';
import type { KnownSession, Theme } from '../bridges/local-storage.ts';
import { isFull } from '../bridges/owner.ts';
import type { ToPage } from '../bridges/worker-protocol.ts';
import type { Filter, Item } from '../view/list.ts';
import type { PutAway } from '../view/notice.ts';
import { bindingExtension } from './bound-extension.ts';
import { driveConnectivity } from './connectivity.ts';
import type { AppContext } from './context.ts';
import { driveFeeds } from './feeds.ts';
import { driveLaunches } from './launches.ts';
import { logFile } from './log-file.ts';
import type { driveLosses, Losses } from './losses.ts';
import { type AppState, NOTHING_OF_A_PERSON } from './model.ts';
import { driveHost } from './native-host.ts';
import { endSession, signOut } from './sign-out.ts';

/** A person who used mouse or keyboard this recently is busy. Milliseconds. */
const BUSY_MS = 60_000;
/** Ages on the screen are updated this often. Milliseconds. */
const TICK_MS = 15_000;

const NONE: ReadonlySet<string> = new Set();

export interface Actions {
  readonly open: (item: Item) => void;
  readonly cancelLaunch: () => void;
  readonly closeLaunch: () => void;
  readonly putAway: (away: PutAway) => void;
  readonly reconnect: () => void;
  readonly signIn: () => void;
  readonly workOffline: () => void;
  readonly signOut: () => void;
  readonly downloadLogs: () => void;
  readonly search: (text: string) => void;
  readonly filter: (filter: Filter) => void;
  readonly favourite: (key: string) => void;
  readonly theme: (theme: Theme) => void;
  readonly singleKeys: (on: boolean) => void;
  readonly say: (words: string) => void;
  /** all about an error, for the service desk; `more`: facts of the place where it is shown */
  readonly copyDetails: (error: WireError, more?: Readonly<Record<string, string>>) => void;
}

export interface Portal {
  readonly actions: Actions;
  /** Reads what is kept, lets it paint, then asks extension and Workspace. */
  begin(how: Beginning, painted: () => Promise<void>): Promise<void>;
  take(event: PageEvent): void;
  takeWorker(said: ToPage): void;
  /** from the second script */
  watchLosses(drive: typeof driveLosses): void;
}

export function createPortal(doors: AppContext): Portal {
  const parts: AppContext = { ...doors, extension: bindingExtension(doors) };
  const { model, clock, local, copies, worker, extension, favourites, log } = parts;
  let touched = clock.now();
  const touch = (): void => {
    touched = clock.now();
  };
  let paintedFirst: () => void = () => {};
  const firstPicture = new Promise<void>((resolve) => {
    paintedFirst = resolve;
  });

  const feeds = driveFeeds(parts, {
    mayAsk: () => firstPicture.then(() => !byChoice(model.state)),
    confirms: (subject) => connectivity.confirms(subject),
    changed: () => connectivity.feedsChanged(),
  });
  const connectivity = driveConnectivity(parts, {
    busy: () =>
      document.visibilityState === 'visible' &&
      (clock.now() - touched < BUSY_MS || model.state.launch !== undefined || model.state.search !== ''),
    reloadFeeds: () => feeds.reload(),
    lost: (cause) => feeds.tell({ type: 'failed', at: clock.now(), cause, chance: clock.chance() }),
    accept: async (session) => {
      if (local.leaving()) {
        (await endSession(parts, session.csrf))?.();
        return false;
      }
      const known: KnownSession = {
        user: session.user,
        workspace: session.workspace,
        feeds: session.feeds,
        continuity: session.continuity,
      };
      const subject = session.user.subject;
      const other = model.state.known !== undefined && model.state.known.user.subject !== subject;
      // Nothing of one person appears under another's name.
      if (other) feeds.close('otherUser');
      const marked = model.state.known?.user.subject === subject ? model.state.favourites : await favourites.read(subject);
      const first = model.state.known === undefined || other;
      local.keepSession(known);
      local.keepUnsure(false);
      local.keepMarked(subject, marked.size > 0);
      model.set({ ...(first && NOTHING_OF_A_PERSON), known, session, unsure: false, signedOut: undefined, favourites: marked });
      if (first) void host.refresh();
      await ownCopies(known, first);
      void feeds.open(known);
      void host.saveAccess(session);
      return true;
    },
  });
  let losses: Losses | undefined;
  const host = driveHost(parts, { listed: (sessions) => losses?.listed(sessions), found: (reachability) => losses?.found(reachability) });
  const launching = driveLaunches(parts, host, () => connectivity.suspect());

  model.subscribe((now, before) => {
    if (now.portal.is !== before.portal.is || (now.feeds !== before.feeds && listed(now) !== listed(before))) tellExtension(now);
    if (before.portal.is === 'offline' && now.portal.is !== 'offline') history.replaceState(null, '', '/');
    if (now.host.path === 'ready' && before.host.path !== 'ready') {
      tellExtension(now);
      if (now.session !== undefined) void host.saveAccess(now.session);
    }
  });
  const tellExtension = (now: AppState): void => {
    const { portal, known } = now;
    if (!extension.present || portal.is === 'starting') return;
    const resources = listed(now);
    const name = known?.workspace.name;
    const body = { state: portal.is, ...(name !== undefined && { workspaceName: name }), ...(resources > 0 && { resources }) };
    extension.ask('portalState', body).catch(() => log.say('the extension did not accept the portal state'));
  };

  return {
    begin: async (how, painted) => {
      if (how === 'from-sign-in') local.keepLeaving(false);
      for (const sign of ['pointerdown', 'keydown']) addEventListener(sign, touch, { passive: true, capture: true });
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
      void extension.arrives.then(() => tellExtension(model.state));
      await host.begin();
    },
    watchLosses: (drive) => {
      losses = drive(parts);
    },
    takeWorker: (said) => {
      if (said.type === 'document') {
        // What is on the screen in an outage changes when the person reconnects.
        if (model.state.portal.is !== 'offline') feeds.take(said.document);
      } else if (said.saved === model.state.unsaved) {
        log.say(`feed copies: ${said.saved ? 'kept again' : 'the storage is full'}`);
        model.set({ unsaved: !said.saved });
      }
    },
    take: (event) => {
      if (event.event === 'workspace') return takeWorkspace(event);
      if (event.event !== 'host' && event.workspace !== location.origin) return;
      if (event.event === 'launch') {
        losses?.ended(event);
        launching.take(event);
      } else host.take(event);
    },
    actions: {
      open: launching.open,
      cancelLaunch: launching.cancel,
      closeLaunch: launching.close,
      putAway: (away) => {
        if (away.what === 'loss') return losses?.putAway(away.location);
        if (away.what === 'groups') return model.set({ groupsNoticeAway: true });
        local.keepDevicesSeen(away.until);
        model.set({ devicesSeen: away.until });
      },
      reconnect: () => connectivity.tell({ type: 'reconnect', at: clock.now() }),
      signIn: connectivity.goSignIn,
      workOffline: () => connectivity.tell({ type: 'workOffline', at: clock.now() }),
      signOut: () => void signOut(parts, feeds, connectivity),
      downloadLogs: () => void logFile(parts),
      search: (search) => model.set({ search }),
      filter: (filter) => model.set({ filter }),
      say: (said) => model.set({ said }),
      copyDetails: (error, more) => {
        navigator.clipboard.writeText(model.state.details(error, clock.now(), more)).then(
          () => model.set({ said: 'Details copied' }),
          () => model.set({ said: `The browser does not allow copying. The ID is ${error.correlationId ?? 'unknown'}` }),
        );
      },
      favourite: (key) => {
        const next = new Set(model.state.favourites);
        if (!next.delete(key)) next.add(key);
        model.set({ favourites: next });
        if (model.state.known === undefined) return;
        const { subject } = model.state.known.user;
        local.keepMarked(subject, next.size > 0);
        void favourites.write(subject, next);
      },
      theme: (theme) => {
        local.keepTheme(theme);
        model.set({ theme });
      },
      singleKeys: (on) => {
        local.keepSingleKeys(on);
        model.set({ singleKeys: on });
      },
    },
  };

  async function ownCopies({ user, feeds: owned }: KnownSession, first: boolean): Promise<void> {
    try {
      const before = await copies.own({ subject: user.subject, feeds: owned.map(({ id }) => id) });
      if (before === 'none' && !first) log.say('feed copies: the browser threw them away, fetched again');
      if (before !== 'same') worker.refresh();
    } catch (error) {
      log.say(`feed copies: ${String(error)}`);
      if (isFull(error)) model.set({ unsaved: true });
    }
  }

  function takeWorkspace(event: Extract<PageEvent, { event: 'workspace' }>): void {
    const at = clock.now();
    log.say(`extension: ${event.state}${event.cause === undefined ? '' : ` ${event.cause}`}`);
    switch (event.state) {
      case 'work-offline':
        connectivity.tell({ type: 'workOffline', at });
        return;
      case 'outage':
        connectivity.tell({ type: 'outage', at, cause: event.cause ?? 'network', chance: clock.chance() });
        return;
      case 'back':
        if (!byChoice(model.state)) worker.refresh();
        connectivity.tell({ type: 'back', at });
        if (model.state.portal.is === 'degraded') feeds.tell({ type: 'back', at });
        return;
    }
  }
}

/** How many resources the lists have. */
function listed({ feeds }: AppState): number {
  return [...feeds.values()].reduce((sum, feed) => sum + (shownOf(feed)?.resources.length ?? 0), 0);
}

function byChoice({ portal }: AppState): boolean {
  return portal.is === 'offline' && portal.why.by === 'choice';
}
