/** Fetches a Workspace's statement and root of trust, and hands them to the trust record to judge. */
import { LIMITS } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import type { HostConfig } from '#protocol/vault';
import { WorkspaceTrust } from '#protocol/workspace-api';
import type { KnownTrust, TrustRecord } from '../trust-record.ts';
import { readFromWorkspace } from '../workspace-http.ts';

const DEADLINE_MS = 5_000;
const BODY_BYTES = LIMITS.rootBundleBytes * (LIMITS.earlierBundles + 1) + LIMITS.revocationListBytes + LIMITS.tokenBytes;

/** Throws `unavailable`, `timeout`, or `untrusted_peer` when it does not follow from the pinned root. */
export async function askForTrust(
  { trust, config: { caFile } }: { readonly trust: TrustRecord; readonly config: HostConfig },
  workspace: string,
  correlationId: string,
  signal: AbortSignal,
): Promise<KnownTrust> {
  const ask = { workspace, caFile, path: '/.well-known/holdfast/trust', correlationId, deadlineMs: DEADLINE_MS, signal };
  return trust.meet(workspace, parseJson(WorkspaceTrust, await readFromWorkspace(ask, BODY_BYTES), BODY_BYTES));
}
