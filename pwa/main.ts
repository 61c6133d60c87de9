/** Wires the portal: doors, state, drivers, page. */
import './bridges/feed-preload.ts';
import type { Beginning } from '#core/machines/portal-states';
import { OFFLINE_PATH } from '#protocol/page';
import { browserClock as clock } from './app/clock.ts';
import { initialState } from './app/initial-state.ts';
import { openLog } from './app/log.ts';
import { openModel } from './app/model.ts';
import { createPortal } from './app/portal.ts';
import { loadAfterPaint } from './bridges/after-paint.ts';
import { openFeedCopies } from './bridges/cache.ts';
import { openExtension } from './bridges/extension.ts';
import { openFavourites } from './bridges/favourites.ts';
import { openFeedWorker } from './bridges/feed-worker.ts';
import { openLocalStorage } from './bridges/local-storage.ts';
import { registerShell } from './bridges/shell-worker.ts';
import { openWorkspace, SIGNED_IN_PATH } from './bridges/workspace.ts';
import { HoldfastPortal } from './elements/portal.ts';
import { show } from './elements/show.ts';

function beginning(): Beginning {
  const address = location.pathname + location.search;
  if (address === OFFLINE_PATH) return 'by-choice';
  if (address !== SIGNED_IN_PATH) return model.state.signedOut === undefined ? 'normal' : 'from-sign-out';
  // A reload is a new start.
  history.replaceState(null, '', '/');
  return 'from-sign-in';
}

const local = openLocalStorage();
const model = openModel({ ...initialState(local, clock.now()), signedOut: local.takeSignedOut() });
const log = openLog(clock.now);
const copies = openFeedCopies();
let lookAtKept = (): void => {};
const worker = openFeedWorker((said) => {
  portal.takeWorker(said);
  lookAtKept();
});
const portal = createPortal({
  model,
  clock,
  local,
  log,
  copies,
  worker,
  favourites: openFavourites(),
  workspace: openWorkspace(),
  extension: openExtension(clock, (event) => portal.take(event)),
});
const page = new HoldfastPortal();
page.actions = portal.actions;
void portal.begin(beginning(), async () => {
  await show(page, model);
  const shell = registerShell();
  loadAfterPaint().then(
    ({ detailsOf, driveKept, driveLosses, keepShell, noticesOf, readinessOf, wordsFor }) => {
      portal.watchLosses(driveLosses);
      model.set({ words: wordsFor, details: detailsOf, notices: noticesOf, readiness: readinessOf });
      lookAtKept = driveKept({ model, clock, copies, worker, log });
      keepShell(shell, () => model.state.portal.is === 'online' && document.visibilityState === 'hidden');
    },
    (error) => log.say(`second script: ${String(error)}`),
  );
});
