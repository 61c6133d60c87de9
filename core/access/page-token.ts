/** The page token: by it the native host knows whose pages a browser shows, and not by what a page says. */
import { TYP } from '#protocol/jose';
import { PageToken } from '#protocol/workspace-api';
import type { Crypto } from '../crypto.ts';
import { readJws, type TokenFault, verified } from '../trust/jws.ts';
import { judgeStatement, type StatementFault, type Trust } from '../trust/trust.ts';
import { fail, type Verdict } from '../verdict.ts';

export type PageTokenFault = TokenFault | StatementFault | 'other-workspace';

/**
 * Whether a Workspace of this tenant says that this person is signed in. Its time is not checked: the host knows by its own challenge that
 * it is fresh. `now` in seconds, for the statement.
 */
export function judgePageToken(
  crypto: Crypto,
  trust: Trust,
  { token, statement }: { readonly token: string; readonly statement: string },
  workspace: string,
  now: number,
): Verdict<PageToken, PageTokenFault> {
  const read = readJws(crypto, token, TYP.pageToken, PageToken);
  if (!read.ok) return read;
  const { aud, tenant } = read.value.unverified;
  if (aud !== workspace || tenant !== trust.bundle.tenant) return fail('other-workspace');
  const signer = judgeStatement(crypto, trust, statement, now, { roles: ['workspace'] });
  return signer.ok ? verified(crypto, read.value, [signer.value.keys.sign]) : signer;
}
