/** What a person can do on the page: the elements call these. */
import type { WireError } from '#protocol/errors';
import type { Theme } from '../bridges/local-storage.ts';
import type { Filter, Item } from '../view/list.ts';
import type { PutAway } from '../view/notice.ts';
import type { Connectivity } from './connectivity.ts';
import type { AppContext } from './context.ts';
import type { Feeds } from './feeds.ts';
import type { Launches } from './launches.ts';
import { logFile } from './log-file.ts';
import type { Losses } from './losses.ts';
import { signOut } from './sign-out.ts';

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

export interface ActionDrivers {
  readonly feeds: Feeds;
  readonly connectivity: Connectivity;
  readonly launching: Launches;
  readonly losses: Pick<Losses, 'putAway'>;
}

export function actionsOf(parts: AppContext, { feeds, connectivity, launching, losses }: ActionDrivers): Actions {
  const { model, clock, local, favourites } = parts;
  return {
    open: launching.open,
    cancelLaunch: launching.cancel,
    closeLaunch: launching.close,
    putAway: (away) => {
      if (away.what === 'loss') return losses.putAway(away.location);
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
  };
}
