/**
 * The Workspace's signed health document. `sendHealth` does the fetch, `judgeHealth` decides on what came back, `probe`
 * combines two attempts: one at once, one 700 ms later, both ending 1.4 s after the start. A hang is thus known within
 * 1.5 s (B-E6), and one lost packet or a slow first connection is not yet an outage. The 1.4 s are the worker's own: while the device
 * has no time for it, it hears nobody.
 */

import { readJws } from '#core/trust/jws';
import type { Cause } from '#protocol/causes';
import { HEALTH_PATH, Health, MARKER_HEADER } from '#protocol/feed';
import { type Ed25519Jwk, TYP } from '#protocol/jose';
import { LIMITS, TIMES } from '#protocol/limits';
import { Statement } from '#protocol/trust';
import { afterOwnTime } from '#runtime/machine/own-time';
import type { Clock } from '../clock.ts';
import { checkSignature, decode } from './signature.ts';

const ATTEMPTS_AT = [0, 700];
const OVER_AT = 1_400;

export type HealthAnswer =
  | { readonly got: 'answer'; readonly status: number; readonly ours: boolean; readonly text: string }
  | { readonly got: 'nothing'; readonly cause: Cause };

export type HealthVerdict =
  | { readonly up: true; readonly identity: Health['identity']['state']; readonly now: number; readonly ms: number }
  | { readonly up: false; readonly cause: Cause; readonly status?: number };

/** One request; never throws. `signal` carries the deadline. */
async function sendHealth(workspace: string, signal: AbortSignal): Promise<HealthAnswer> {
  try {
    const response = await fetch(workspace + HEALTH_PATH, { cache: 'no-store', credentials: 'omit', redirect: 'manual', signal });
    if (response.type === 'opaqueredirect') return { got: 'answer', status: 302, ours: false, text: '' };
    return { got: 'answer', status: response.status, ours: response.headers.has(MARKER_HEADER), text: await capped(response) };
  } catch {
    return { got: 'nothing', cause: signal.aborted ? 'timeout' : 'unreachable' };
  }
}

async function capped(response: Response): Promise<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (reader !== undefined && text.length <= LIMITS.tokenBytes) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += value;
  }
  await reader?.cancel();
  return text;
}

/** Known beforehand: the Workspace's key as verified by the host, and the latest document time seen. */
export interface HealthTrust {
  readonly key: Ed25519Jwk | null;
  readonly lastSeen: number;
}

/**
 * A document signed by the known key counts. Without that key, or when the document names a newer one, a well-formed document
 * with our marker counts. Its time must be near ours, or at least later than any seen: this device's clock may be wrong.
 */
export async function judgeHealth(answer: HealthAnswer, trust: HealthTrust, now: number, ms: number): Promise<HealthVerdict> {
  if (answer.got === 'nothing') return { up: false, cause: answer.cause };
  if (answer.status >= 500) return { up: false, cause: 'server-error', status: answer.status };
  const token = answer.status === 200 ? readJws({ decode }, answer.text.trim(), TYP.health, Health) : undefined;
  if (token?.ok !== true) return { up: false, cause: 'not-ours' };
  const signature = trust.key === null ? 'other-key' : await checkSignature(token.value, trust.key);
  if (signature === 'bad' || (signature === 'other-key' && !answer.ours)) return { up: false, cause: 'not-ours' };
  const document = token.value.unverified;
  const fresh = Math.abs(document.now - now) <= TIMES.leaseSkewSeconds * 1000 || (trust.lastSeen > 0 && document.now > trust.lastSeen);
  if (!fresh) return { up: false, cause: 'not-ours' };
  return { up: true, identity: document.identity.state, now: document.now, ms };
}

/** The sign key in the Workspace's trust statement, which the host has verified. */
export function statementKey(statement: string | undefined): Ed25519Jwk | null {
  const token = statement === undefined ? undefined : readJws({ decode }, statement, TYP.statement, Statement);
  return token?.ok === true && token.value.unverified.role === 'workspace' ? token.value.unverified.keys.sign : null;
}

/** Two attempts; the first good answer wins, and only both failing means down. Resolves within 1.4 s of the worker's own time. */
export function probe(workspace: string, trust: HealthTrust, clock: Clock): Promise<HealthVerdict> {
  const over = new AbortController();
  const own = afterOwnTime(clock, OVER_AT, () => over.abort());
  return new Promise((resolve) => {
    let left = ATTEMPTS_AT.length;
    for (const at of ATTEMPTS_AT) {
      void attempt(workspace, at, trust, over.signal).then((verdict) => {
        left -= 1;
        if (!verdict.up && left > 0) return;
        resolve(verdict);
        own.stop();
        over.abort();
      });
    }
  });
}

async function attempt(workspace: string, at: number, trust: HealthTrust, over: AbortSignal): Promise<HealthVerdict> {
  await pause(at, over);
  const started = Date.now();
  const answer = await sendHealth(workspace, over);
  return judgeHealth(answer, trust, Date.now(), Date.now() - started);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
