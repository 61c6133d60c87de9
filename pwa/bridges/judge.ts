/** Judges the Workspace's responses but the feeds': pure, separate from sending. Only a response with our marker can end or remove anything (B-W20). */
import * as v from 'valibot';
import { WireError } from '#protocol/errors';
import { LaunchFile, Signed } from '#protocol/lease';
import { LIMITS } from '#protocol/limits';
import { DeviceReply, PortalSession, SignOutReply } from '#protocol/workspace-api';
import { type Answer, type Failed, judgeBody, readJson } from './answer.ts';

export type SessionVerdict = { readonly is: 'signedIn'; readonly session: PortalSession } | { readonly is: 'signIn' } | Failed;
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

/** An online launch. Only our own `not_entitled` and `blocked` are a denial; anything else falls back to the lease. */
export function judgeLaunch(answer: Answer): LaunchVerdict {
  const error = answer.is === 'answer' && answer.ours && answer.status === 403 ? refusal(answer) : undefined;
  if (error !== undefined && (error.code === 'not_entitled' || error.code === 'blocked')) return { is: 'denied', error };
  return judgeBody(answer, LaunchFile, LIMITS.requestBodyBytes, (launchFile) => ({ is: 'launchFile', launchFile }));
}

/** Our own 429 means: this person has as many devices as they may. Asking again changes nothing. */
export function judgeDevice(
  answer: Answer,
): { readonly is: 'token'; readonly token: string } | { readonly is: 'refused'; readonly error: WireError } | Failed {
  const error = answer.is === 'answer' && answer.ours && answer.status === 429 ? refusal(answer) : undefined;
  if (error?.reason === 'person-devices') return { is: 'refused', error };
  return judgeBody(answer, DeviceReply, LIMITS.requestBodyBytes, ({ token }) => ({ is: 'token', token }));
}

/** `ended`: the Workspace itself says that the session is over. `next`: where the identity provider ends its own. */
export function judgeSignOut(answer: Answer): { readonly is: 'ended'; readonly next: string | undefined } | Failed {
  return judgeBody(answer, SignOutReply, LIMITS.requestBodyBytes, ({ next }) => ({ is: 'ended', next }));
}

export function judgePageToken(answer: Answer): { readonly is: 'signed'; readonly signed: v.InferOutput<typeof Signed> } | Failed {
  return judgeBody(answer, Signed, LIMITS.requestBodyBytes, (signed) => ({ is: 'signed', signed }));
}

function refusal(answer: Extract<Answer, { is: 'answer' }>): WireError | undefined {
  return readJson(v.object({ error: WireError }), answer.text, LIMITS.requestBodyBytes)?.error;
}
