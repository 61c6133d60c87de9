/**
 * Probes the identity provider in the background; the health document reports the result, so that a browser whose
 * sign-in hangs need not wait for the timeout (B-E6).
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Health } from '#protocol/feed';
import type { Log } from '#runtime/log/log';
import type { ProviderWeb } from './provider-web.ts';
import { discoveryOf } from './sign-in/provider.ts';

export interface IdentityProbe {
  state(): Health['identity'];
}

const EVERY_MS = 2_000;
const DEADLINE_MS = 1_000;
/** One failure may be the network's; two in a row mean that the provider is down. */
const FAILURES_MEAN_DOWN = 2;

export interface ProbeOptions {
  readonly web: ProviderWeb;
  /** ms */
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** ms between probes */
  readonly everyMs?: number;
}

export function openIdentityProbe(issuer: string, { web, now, signal, log, everyMs = EVERY_MS }: ProbeOptions): IdentityProbe {
  let state: Health['identity'] = { state: 'unknown', since: now() };
  let failures = 0;
  const become = (next: Health['identity']['state'], why?: unknown) => {
    if (state.state === next) return;
    state = { state: next, since: now() };
    log.info({ identity: next, ...(why !== undefined && { err: why }) }, 'The identity provider changed state.');
  };
  const probe = async () => {
    try {
      await answers(web, issuer, signal);
      failures = 0;
      become('up');
    } catch (why) {
      failures++;
      if (failures >= FAILURES_MEAN_DOWN && !signal.aborted) become('down', why);
    }
  };
  const rounds = async () => {
    while (!signal.aborted) {
      const begun = performance.now();
      await probe();
      await pause(Math.max(0, everyMs - (performance.now() - begun)), undefined, { signal, ref: false }).catch(() => {});
    }
  };
  void rounds();
  return { state: () => state };
}

/**
 * By its discovery document: a sign-in begins with it, every provider has it, and it is the provider itself that answers. Any answer but a 5xx
 * counts as up: one that limits how often it is asked is there.
 */
async function answers(web: ProviderWeb, issuer: string, signal: AbortSignal): Promise<void> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
  const { statusCode, body } = await web.ask(discoveryOf(issuer), { signal: deadline });
  await body.dump({ limit: 65_536, signal: deadline });
  if (statusCode >= 500) throw new Error(`It answered ${statusCode}.`);
}
