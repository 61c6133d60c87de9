/** The person's own sign-out: ends the session, and takes caches and (by the site's setting) leases off this device (B-W10). */
import type { SignedOut } from '../bridges/local-storage.ts';
import type { Connectivity } from './connectivity.ts';
import type { AppContext } from './context.ts';
import type { Feeds } from './feeds.ts';
import { NOTHING_OF_A_PERSON } from './model.ts';

type SignOutContext = Pick<AppContext, 'model' | 'workspace' | 'extension' | 'log'> & {
  readonly clock: Pick<AppContext['clock'], 'now'>;
  readonly copies: Pick<AppContext['copies'], 'removeAll'>;
  readonly local: Pick<AppContext['local'], 'keepSession' | 'keepLeaving' | 'keepSignedOut'>;
};

export async function signOut(
  { model, clock, workspace, extension, copies, local, log }: SignOutContext,
  feeds: Pick<Feeds, 'close'>,
  connectivity: Pick<Connectivity, 'tell'>,
): Promise<void> {
  const { known, session, leases } = model.state;
  log.say('sign-out');
  feeds.close('signedOut');
  local.keepSession(undefined);
  model.set({ ...NOTHING_OF_A_PERSON, known: undefined, session: undefined, signedOut: 'under-way' });
  const work: Promise<unknown>[] = known === undefined ? [] : [copies.removeAll(known.user.subject)];
  const leaving = known === undefined || !extension.present ? undefined : extension.ask('signOut', { subject: known.user.subject });
  if (leaving !== undefined) work.push(leaving);
  // If the Workspace does not answer, its session is ended as soon as it does.
  local.keepLeaving(true);
  const ending = session === undefined ? undefined : endSession({ workspace, local }, session.csrf);
  for (const done of await Promise.allSettled([...work, ending]))
    if (done.status === 'rejected') log.say(`sign-out: ${String(done.reason)}`);
  const signedOut = await outcome(leaving, leases?.size ?? 0);
  model.set({ signedOut });
  connectivity.tell({ type: 'signedOut', at: clock.now() });
  const leave = await ending;
  if (leave === undefined) return;
  local.keepSignedOut(signedOut);
  leave();
}

/** By the host's word alone: whether leases go is the site's setting, signed with them. `held`: how many there were. */
async function outcome(leaving: Promise<{ readonly deleted: number }> | undefined, held: number): Promise<SignedOut> {
  try {
    const { deleted } = (await leaving) ?? { deleted: 0 };
    return deleted > 0 ? 'removed' : held > 0 ? 'kept' : 'nothing-saved';
  } catch {
    return 'unanswered';
  }
}

/** Ends the session at the Workspace. Resolves to what leaves the page for the provider's own sign-out; undefined: it goes on here. */
export async function endSession(
  { workspace, local }: Pick<SignOutContext, 'workspace' | 'local'>,
  csrf: string,
): Promise<(() => void) | undefined> {
  const verdict = await workspace.signOut(csrf);
  if (verdict.is !== 'ended') return undefined;
  local.keepLeaving(false);
  const { next } = verdict;
  return next === undefined ? undefined : () => location.assign(next);
}
