/** One round of redeeming: races the paths, presents ticket or lease to the winner, takes the grant or the refusal. */

import type { LaunchNews } from '#core/machines/launch-states';
import type { ErrorCode } from '#protocol/errors';
import type { LaunchMode } from '#protocol/primitives';
import { raceChannels } from '#runtime/channel/race';
import { launchCodeOf } from './launch-code.ts';
import { type Credential, type Grant, type Happened, happening, type LaunchContext, type LaunchOrder } from './launch-context.ts';

const UNREDEEMABLE = { type: 'refused', code: 3020, retryable: false, others: false } as const;

export interface Redeemed extends Happened {
  readonly grant?: Grant;
  /** the location that refused */
  readonly refusedAt?: string;
}

/** `refusing`: locations that refused in this round; a new refusal is added. */
export async function redeem(
  parts: LaunchContext,
  { owner, correlationId }: LaunchOrder,
  mode: LaunchMode,
  credential: Credential,
  refusing: Set<string>,
  signal: AbortSignal,
): Promise<Redeemed> {
  const known = await parts.trustFor(owner, mode === 'ticket');
  if (known === undefined) return happening(UNREDEEMABLE);
  const key = await (await parts.vaultOf(owner)).key();
  const candidates = credential.candidates.filter(({ location }) => !refusing.has(location));
  const result = await raceChannels({
    candidates,
    credential: mode,
    presentTo: credential.present(key),
    trust: () => known.trust,
    signal,
    now: () => parts.clock.now(owner.workspace),
    onNews: (news) => void parts.trust.hear(owner.workspace, news).catch((error: unknown) => parts.log.error('news', error, correlationId)),
    onFault: (candidate, error) => parts.log.error(`${candidate.route} ${candidate.id} of ${candidate.location}`, error, correlationId),
  });
  switch (result.as) {
    case 'granted':
      return { event: { type: 'granted' }, grant: { granted: result.granted, by: result.by, credential } };
    case 'refused': {
      refusing.add(result.by.location);
      parts.log.warn(`${result.by.id} refused: ${result.error.message}`, correlationId);
      // After a retryable refusal the race itself continues with the others.
      const others = !result.retryable && candidates.some(({ location }) => !refusing.has(location));
      const event = { type: 'refused', code: launchCodeOf(result.error.code), retryable: result.retryable, others } as const;
      return { event, error: result.error, refusedAt: result.by.location };
    }
    case 'unanswered':
      return happening(unansweredAs(result.error.code));
  }
}

/** Silence may pass, so it is retryable; an untrusted answer is final. */
function unansweredAs(code: ErrorCode): LaunchNews {
  return code === 3009 ? { ...UNREDEEMABLE, code } : { type: 'unanswered' };
}
