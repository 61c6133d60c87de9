/** What the drivers share: the state and the doors out of the page. */

import type { FeedCopies } from '../bridges/cache.ts';
import type { Extension } from '../bridges/extension.ts';
import type { Favourites } from '../bridges/favourites.ts';
import type { FeedWorker } from '../bridges/feed-worker.ts';
import type { LocalStorage } from '../bridges/local-storage.ts';
import type { Workspace } from '../bridges/workspace.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import type { Model } from './model.ts';

export interface AppContext {
  readonly model: Model;
  readonly clock: Clock;
  readonly log: Log;
  readonly local: LocalStorage;
  readonly copies: FeedCopies;
  readonly worker: FeedWorker;
  readonly favourites: Favourites;
  readonly workspace: Workspace;
  readonly extension: Extension;
}
