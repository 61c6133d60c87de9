/** What a viewer says while it opens, and what it means. Pure. */

/** Why a viewer gave up: a reason of 3026. */
export type Refusal =
  | 'account-refused'
  | 'certificate-other'
  | 'host-key-other'
  | 'nla-required'
  | 'no-common-security'
  | 'no-display'
  | 'password-expired'
  | 'sign-on-refused'
  | 'tls-required';

/** A viewer's own lines, none of them in the person's language: that would change them. */
export interface ViewerWords {
  /** the desktop or the shell is there */
  readonly up: RegExp;
  /** it waits for the person: for a password, or whether a server is the right one */
  readonly asks: RegExp;
  /** the first that matches counts */
  readonly refusals: readonly (readonly [RegExp, Refusal])[];
}

/** Of a viewer that has nothing to ask for. */
export const NEVER = /(?!)/u;
/** Of one that asks as soon as the server has answered, and does not say so. */
export const ALWAYS = /^/u;

/**
 * Bytes from the session host. No sign-on takes as many: there is a desktop, though a newer version of the viewer may say so in other
 * words.
 */
export const SIGNED_ON_BYTES = 64 * 1024;

export type Standing = 'connecting' | 'asking' | 'up';

/** `said`: all that it has said. `received`: bytes that it got from the session host. */
export function standingOf({ up, asks }: ViewerWords, said: string, received: number): Standing {
  if (received === 0) return 'connecting';
  const text = inOneLine(said);
  if (received >= SIGNED_ON_BYTES || up.test(text)) return 'up';
  return asks.test(text) ? 'asking' : 'connecting';
}

export function refusalIn({ refusals }: ViewerWords, said: string): Refusal | undefined {
  const text = inOneLine(said);
  return refusals.find(([pattern]) => pattern.test(text))?.[1];
}

/** Some viewers break their lines at any space. */
function inOneLine(said: string): string {
  return said.replaceAll(/\s+/gu, ' ');
}
