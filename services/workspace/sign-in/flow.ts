/**
 * A sign-in in progress: what the callback needs when the person returns. It travels in a cookie of its own, named by
 * its state, so that two tabs can sign in at the same time; a signature protects it.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';

export const Flow = v.object({
  state: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{20,100}$/u)),
  nonce: v.string(),
  verifier: v.string(),
  /** a path of ours */
  next: v.string(),
  /** the provider was told to ask for the password in any case */
  askedAgain: v.boolean(),
  /** begun by us in place of one that had been used up already */
  retried: v.boolean(),
  /** ms */
  until: v.number(),
});
export type Flow = v.InferOutput<typeof Flow>;

/** The longest a sign-in may take: people search for passwords and wait for codes. ms */
export const FLOW_MS = 15 * 60_000;

/** Prefix of the cookies' names. */
export const FLOW_COOKIE = 'holdfast-sign-in-';
/** Concurrent sign-ins per browser; above this the oldest are dropped, or the `Cookie` header outgrows what servers accept. */
export const FLOWS_MAX = 8;

export function flowCookieName(state: string): string {
  return `${FLOW_COOKIE}${state.slice(0, 16)}`;
}

export function packFlow(flow: Flow, key: string): string {
  const payload = Buffer.from(JSON.stringify(flow)).toString('base64url');
  return `${payload}.${signature(payload, key)}`;
}

/** The flow of that state; undefined when it is not ours, of another state, or expired. */
export function unpackFlow(packed: string | undefined, key: string, state: string, now: number): Flow | undefined {
  const [payload, given] = packed?.split('.') ?? [];
  if (payload === undefined || given === undefined) return undefined;
  const expected = Buffer.from(signature(payload, key));
  const actual = Buffer.from(given);
  if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) return undefined;
  const flow = v.parse(Flow, JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
  return flow.state === state && flow.until >= now ? flow : undefined;
}

function signature(payload: string, key: string): string {
  return createHmac('sha256', Buffer.from(key, 'base64url')).update(`sign-in ${payload}`).digest('base64url');
}

/** Where to go after it: a path of ours, never another origin. */
export function safeNext(next: unknown): string {
  if (typeof next !== 'string' || next.length > 500 || !/^\/(?![/\\])[\x21-\x7e]*$/u.test(next)) return '/';
  return next;
}
