/** The person's own sign-out: ends the session, and takes caches and (by the site's setting) leases off this device (B-W10). */
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
  if (session !== undefined) work.push(workspace.signOut(session.csrf).then((ended) => ended && local.keepLeaving(false)));
  for (const done of await Promise.allSettled(work)) if (done.status === 'rejected') log.say(`sign-out: ${String(done.reason)}`);
  connectivity.tell({ type: 'signedOut', at: clock.now() });
}
