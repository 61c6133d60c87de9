/** The person's own sign-out: ends the session, and takes caches and (by the site's setting) leases off this device (B-W10). */
import { NO_LOSSES } from '#core/access/losses';
import type { Connectivity } from './connectivity.ts';
import type { AppContext } from './context.ts';
import type { Feeds } from './feeds.ts';

export async function signOut(
  { model, clock, workspace, extension, copies, local, log }: AppContext,
  feeds: Feeds,
  connectivity: Connectivity,
): Promise<void> {
  const { known, session } = model.state;
  log.say('sign-out');
  feeds.close('signedOut');
  local.keepSession(undefined);
  model.set({
    known: undefined,
    session: undefined,
    leases: undefined,
    sync: undefined,
    sessions: [],
    losses: NO_LOSSES,
    refusals: new Map(),
    denials: new Map(),
    favourites: new Set(),
    launch: undefined,
  });
  const work: Promise<unknown>[] = [];
  if (known !== undefined) {
    work.push(copies.removeAll(known.user.subject));
    if (extension.present) work.push(extension.ask('signOut', { subject: known.user.subject }));
  }
  // If the Workspace does not answer, its session is ended as soon as it does.
  local.keepLeaving(true);
  const ending = session === undefined ? undefined : endSession({ workspace, local }, session.csrf);
  for (const done of await Promise.allSettled([...work, ending]))
    if (done.status === 'rejected') log.say(`sign-out: ${String(done.reason)}`);
  connectivity.tell({ type: 'signedOut', at: clock.now() });
  (await ending)?.();
}

/** Ends the session at the Workspace. Resolves to what leaves the page for the provider's own sign-out; undefined: it goes on here. */
export async function endSession(
  { workspace, local }: Pick<AppContext, 'workspace' | 'local'>,
  csrf: string,
): Promise<(() => void) | undefined> {
  const verdict = await workspace.signOut(csrf);
  if (verdict.is !== 'ended') return undefined;
  local.keepLeaving(false);
  const { next } = verdict;
  return next === undefined ? undefined : () => location.assign(next);
}
