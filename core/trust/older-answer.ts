/** Whether the root of trust's own answer is older than what its components hold: its database or its folder was restored from a backup. */

import * as v from 'valibot';
import { RootBundle, type TrustDirectory } from '#protocol/trust';
import type { Crypto } from '../crypto.ts';
import { judgeRevocationList, keepsAll } from './revocation.ts';
import type { Trust } from './trust.ts';

export type OlderPart = 'root-bundle' | 'revocation-list';

/** `held`: what was known before the question. An answer that isn't signed as it must be is not older but wrong, and not judged here. */
export function olderPartOf(
  crypto: Crypto,
  held: Trust,
  { rootBundle, revocations }: Pick<TrustDirectory, 'rootBundle' | 'revocations'>,
  now: number,
): OlderPart | undefined {
  if ((versionOf(crypto, rootBundle.payload) ?? held.bundle.version) < held.bundle.version) return 'root-bundle';
  if (held.list === undefined || held.listToken === undefined || held.listToken === revocations) return undefined;
  const judged = judgeRevocationList(crypto, held.bundle, revocations);
  if (!judged.ok) return undefined;
  return judged.value.version < held.list.version || !keepsAll(judged.value, held.list, now) ? 'revocation-list' : undefined;
}

function versionOf(crypto: Pick<Crypto, 'decode'>, payload: string): number | undefined {
  const text = crypto.decode(payload);
  if (text === undefined) return undefined;
  try {
    const parsed = v.safeParse(RootBundle, JSON.parse(text));
    return parsed.success ? parsed.output.version : undefined;
  } catch {
    return undefined;
  }
}
