/** Takes a valid session over: whose lists these are, what is kept for them, and that nothing of another person is left. */
import type { PortalSession } from '#protocol/workspace-api';
import type { KnownSession } from '../bridges/local-storage.ts';
import { isFull } from '../bridges/owner.ts';
import type { AppContext } from './context.ts';
import type { Feeds } from './feeds.ts';
import { NOTHING_OF_A_PERSON } from './model.ts';
import type { Host } from './native-host.ts';
import { endSession } from './sign-out.ts';

/** Resolves to false when the session was ended instead: its person had signed out while the Workspace did not answer. */
export async function acceptSession(
  parts: AppContext,
  { feeds, host }: { readonly feeds: Pick<Feeds, 'open' | 'close'>; readonly host: Pick<Host, 'refresh' | 'saveAccess'> },
  session: PortalSession,
): Promise<boolean> {
  const { model, local, favourites } = parts;
  if (local.leaving()) {
    (await endSession(parts, session.csrf))?.();
    return false;
  }
  const { user, workspace, feeds: owned, continuity } = session;
  const known: KnownSession = { user, workspace, feeds: owned, continuity };
  const { subject } = user;
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
  await ownCopies(parts, known, first);
  void feeds.open(known);
  void host.saveAccess(session);
  return true;
}

/** Says whose lists the worker may keep; those that it has not are fetched. */
async function ownCopies(
  { model, copies, worker, log }: Pick<AppContext, 'model' | 'copies' | 'worker' | 'log'>,
  { user, feeds }: KnownSession,
  first: boolean,
): Promise<void> {
  try {
    const before = await copies.own({ subject: user.subject, feeds: feeds.map(({ id }) => id) });
    if (before === 'none' && !first) log.say('feed copies: the browser threw them away, fetched again');
    if (before !== 'same') worker.refresh();
  } catch (error) {
    log.say(`feed copies: ${String(error)}`);
    if (isFull(error)) model.set({ unsaved: true });
  }
}
