/** What one signed-in person may ask for, whatever number of sessions and devices: for routes that cost other services work. */
import { HoldfastError } from '#protocol/errors';
import { type AllowanceLimits, allowanceFor } from '#runtime/budget/allowance';
import type { RequestCheck } from '#runtime/http/routes';
import type { WorkspaceContext } from '../workspace-context.ts';
import { sessionOf } from './signed-in.ts';

/** Three devices that start at once ask for about ten feeds and open a dozen resources. */
const OF_PERSON: AllowanceLimits = { burst: 120, perSecond: 4 };

/** Comes after `isSignedIn`. Throws `too_many`. */
export function isWithinBudget({ nowMs }: Pick<WorkspaceContext, 'nowMs'>): RequestCheck {
  const people = allowanceFor(OF_PERSON, nowMs);
  return (request) => {
    if (!people.spend(sessionOf(request).user.subject)) throw new HoldfastError('too_many');
  };
}
