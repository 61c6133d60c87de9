/** Looks, while online, at what this browser keeps for an outage: what is not there is no promise. Part of the second script. */
import { isShellKept } from '../bridges/kept-shell.ts';
import type { AppContext } from './context.ts';
import type { AppState } from './model.ts';

/** Several changes in a row are looked at once. Milliseconds. */
const SOON_MS = 300;
/** The browser may throw kept things away at any time. Milliseconds. */
const EVERY_MS = 60_000;
/** A worker that is being installed tells nobody. Milliseconds. */
const AGAIN_MS = 2_000;

type Doors = Pick<AppContext, 'model' | 'clock' | 'copies' | 'worker' | 'log'>;

/** The result looks again soon: something was kept, or could not be. */
export function driveKept({ model, clock, copies, worker, log }: Doors, shellKept = isShellKept): () => void {
  let stop: (() => void) | undefined;
  let mended = Number.NEGATIVE_INFINITY;

  const look = async (): Promise<void> => {
    const { known } = model.state;
    if (known === undefined || !isOnline(model.state)) return;
    try {
      const [shell, lists] = await Promise.all([
        shellKept(),
        copies.kept(
          known.user.subject,
          known.feeds.map(({ id }) => id),
        ),
      ]);
      if (model.state.known?.user.subject !== known.user.subject) return;
      const before = model.state.kept;
      if (before?.shell !== shell) log.say(`kept for an outage: the page ${shell ? 'is' : 'is not'}`);
      model.set({ kept: { shell, lists } });
      if (!shell) soon(AGAIN_MS);
      else if (known.feeds.some(({ id }) => !lists.has(id))) mend();
    } catch (error) {
      log.say(`kept for an outage: ${String(error)}`);
      model.set({ kept: { shell: false, lists: new Set() } });
    }
  };
  /** Lists that came before there was a worker were not kept by it. */
  const mend = (): void => {
    if (clock.now() - mended < EVERY_MS) return;
    mended = clock.now();
    worker.refresh();
  };
  const soon = (ms = SOON_MS): void => {
    stop?.();
    stop = clock.after(ms, () => void look());
  };

  model.subscribe((now, before) => {
    if (isOnline(now) && (!isOnline(before) || now.feeds !== before.feeds || now.known !== before.known)) soon();
  });
  if (isOnline(model.state)) soon();
  clock.every(EVERY_MS, () => document.visibilityState === 'visible' && void look());
  return soon;
}

function isOnline({ portal }: AppState): boolean {
  return portal.is === 'online' || portal.is === 'degraded';
}
