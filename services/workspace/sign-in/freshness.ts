/** Whether a sign-in is the person's own, or only the rest of one that they have ended. */
import type { SignedIn } from './open-id.ts';

/**
 * A provider's session from before the person's last sign-out (`signedOutAt`, ms; 0: none) counts no longer: whoever sits there now may be
 * somebody else. The provider says in whole seconds when it asked, so of the same second only one counts that we had told it to ask in.
 * One that never says it is believed to have asked when told to.
 */
export function isOwnSignIn({ authenticatedAt }: Pick<SignedIn, 'authenticatedAt'>, signedOutAt: number, askedAgain: boolean): boolean {
  if (signedOutAt === 0) return true;
  if (authenticatedAt === undefined) return askedAgain;
  const second = Math.floor(signedOutAt / 1_000);
  return askedAgain ? authenticatedAt >= second : authenticatedAt > second;
}
