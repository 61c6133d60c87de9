/** What a component knows of the root of trust, kept in one file so that it keeps working while the root is away. */
import { join } from 'node:path';
import * as v from 'valibot';
import { hear, type Trust, trustFromPin } from '#core/trust/trust';
import { HoldfastError } from '#protocol/errors';
import { LIMITS } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import { type EnrolmentReply, LocationKey, SignedRootBundle } from '#protocol/trust';
import { readIfThere, writePrivateFile } from '../files/private.ts';
import { nodeCrypto } from '../jose/primitives.ts';

const TrustFile = v.strictObject({
  /** own statement, compact JWS */
  statement: v.string(),
  /** the pinned bundle and its successors, oldest first */
  bundles: v.pipe(v.array(SignedRootBundle), v.minLength(1)),
  revocations: v.optional(v.string()),
  /** statements of all components, as the root's directory last had them */
  statements: v.array(v.string()),
  locationKeys: v.array(LocationKey),
});
export type TrustFile = v.InferOutput<typeof TrustFile>;

/** The revocation list, and everything else in a directory. */
const MAX_BYTES = LIMITS.revocationListBytes + LIMITS.leaseSyncBytes;

/** undefined before the first enrolment. Throws `bad_config` when the file is damaged. */
export async function readTrustFile(dataDir: string): Promise<TrustFile | undefined> {
  const text = await readIfThere(join(dataDir, 'trust.json'));
  return text === undefined ? undefined : parseJson(TrustFile, text, MAX_BYTES, 'bad_config');
}

/** Replaces the file as a whole. */
export async function writeTrustFile(dataDir: string, known: TrustFile): Promise<void> {
  await writePrivateFile(join(dataDir, 'trust.json'), JSON.stringify(known));
}

/** A reply's root bundles, oldest first. */
export function allBundles({ earlierBundles = [], rootBundle }: Pick<EnrolmentReply, 'earlierBundles' | 'rootBundle'>): SignedRootBundle[] {
  return [...earlierBundles, rootBundle];
}

/** The trust that follows from the file's bundles and list, starting at the configured pin. Throws `untrusted_peer`. */
export function trustOf(known: Pick<TrustFile, 'bundles' | 'revocations'>, rootPin: string): Trust {
  const trust = trustFromPin(nodeCrypto, known.bundles, rootPin);
  if (!trust.ok) {
    throw new HoldfastError('untrusted_peer', { reason: 'pin', why: trust.why });
  }
  return known.revocations === undefined
    ? trust.value
    : hear(nodeCrypto, trust.value, { revocations: known.revocations }, Math.floor(Date.now() / 1_000));
}
