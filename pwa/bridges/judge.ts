/** Judges the Workspace's responses: pure, separate from sending. Only a response with our marker can end or remove anything (B-W20). */
import * as v from 'valibot';
import type { Cause } from '#protocol/causes';
import { WireError } from '#protocol/errors';
import { FeedDocument } from '#protocol/feed';
import { LaunchFile } from '#protocol/lease';
import { LIMITS } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import { DeviceReply, PortalSession } from '#protocol/workspace-api';
import { copyOf } from './copy.ts';

/** The outcome of a request, before its content is judged. */
export type Answer =
  | { readonly is: 'lost'; readonly cause: Extract<Cause, 'network' | 'timeout'> }
  /** the worker's kept copy, or nothing, because of `cause` */
  | { readonly is: 'copy'; readonly cause: Cause; readonly text: string }
  | {
      readonly is: 'answer';
      readonly status: number;
      /** the marker header is present and the response came from the requested origin without a redirect */
      readonly ours: boolean;
      readonly contentType: string;
      readonly text: string;
    };

export type Failed = { readonly is: 'failed'; readonly cause: Cause };
export type SessionVerdict = { readonly is: 'signedIn'; readonly session: PortalSession } | { readonly is: 'signIn' } | Failed;
export type FeedVerdict =
  | { readonly is: 'document' | 'emptied'; readonly document: FeedDocument }
  | (Failed & { readonly copy?: FeedDocument | undefined });
export type LaunchVerdict =
  | { readonly is: 'launchFile'; readonly launchFile: LaunchFile }
  /** the Workspace's own denial: the lease is not tried */
  | { readonly is: 'denied'; readonly error: WireError }
  | Failed;

/** The session probe. Our own 401 means: sign in. Anything else but a session is an outage. */
export function judgeSession(answer: Answer): SessionVerdict {
  if (answer.is === 'answer' && answer.ours && answer.status === 401 && refusal(answer)?.code === 'not_signed_in') return { is: 'signIn' };
  return judgeBody(answer, PortalSession, LIMITS.requestBodyBytes, (session) => ({ is: 'signedIn', session }));
}

/**
 * One feed. The document must belong to the requested feed and the expected person; an empty one is a case of its own, because it may
 * remove a good copy and so must be confirmed by the session.
 */
export function judgeFeed(answer: Answer, feed: string, subject: string): FeedVerdict {
  if (answer.is === 'copy') return { is: 'failed', cause: answer.cause, copy: copyOf(answer.text, subject, feed) };
  return judgeBody(answer, FeedDocument, LIMITS.feedBytes, (document): FeedVerdict => {
    if (document.feed !== feed) return { is: 'failed', cause: 'bad-document' };
    if (document.subject !== subject) return { is: 'failed', cause: 'not-authenticated' };
    return { is: document.resources.length === 0 ? 'emptied' : 'document', document };
  });
}

/** An online launch. Only our own `not_entitled` and `blocked` are a denial; anything else falls back to the lease. */
export function judgeLaunch(answer: Answer): LaunchVerdict {
  const error = answer.is === 'answer' && answer.ours && answer.status === 403 ? refusal(answer) : undefined;
  if (error !== undefined && (error.code === 'not_entitled' || error.code === 'blocked')) return { is: 'denied', error };
  return judgeBody(answer, LaunchFile, LIMITS.requestBodyBytes, (launchFile) => ({ is: 'launchFile', launchFile }));
}

export function judgeDevice(answer: Answer): { readonly is: 'token'; readonly token: string } | Failed {
  return judgeBody(answer, DeviceReply, LIMITS.requestBodyBytes, ({ token }) => ({ is: 'token', token }));
}

function judgeBody<S extends v.GenericSchema, R>(
  answer: Answer,
  schema: S,
  maxBytes: number,
  good: (body: v.InferOutput<S>) => R,
): R | Failed {
  if (answer.is !== 'answer') return { is: 'failed', cause: answer.cause };
  if (answer.status >= 500) return { is: 'failed', cause: 'server-error' };
  if (!answer.ours) return { is: 'failed', cause: 'not-ours' };
  if (answer.status === 401 || answer.status === 403) return { is: 'failed', cause: 'not-authenticated' };
  if (answer.status < 200 || answer.status > 299 || !answer.contentType.startsWith('application/json'))
    return { is: 'failed', cause: 'bad-document' };
  try {
    return good(parseJson(schema, answer.text, maxBytes));
  } catch {
    return { is: 'failed', cause: 'bad-document' };
  }
}

function refusal(answer: Extract<Answer, { is: 'answer' }>): WireError | undefined {
  try {
    return parseJson(v.object({ error: WireError }), answer.text, LIMITS.requestBodyBytes).error;
  } catch {
    return undefined;
  }
}
