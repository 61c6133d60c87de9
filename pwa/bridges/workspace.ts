/** The only door to the Workspace: sends, with a deadline, and hands what came back to `judge.ts` and `judge-feed.ts`. */
import { CORRELATION_HEADER } from '#protocol/feed';
import type { ResourceRef } from '#protocol/primitives';
import { CSRF_HEADER, type DeviceRequest } from '#protocol/workspace-api';
import type { Answer } from './answer.ts';
import { judgeDevice, judgeLaunch, judgePageToken, judgeSession, judgeSignOut } from './judge.ts';
import { judgeFeed } from './judge-feed.ts';
import { PATIENCE_MS, receive } from './receive.ts';

const LAUNCH_MS = 1_500;
const SIGN_OUT_MS = 3_000;
const TOKEN_MS = 3_000;

/** Where a completed sign-in leads back to. */
export const SIGNED_IN_PATH = '/?signed-in';
export const SIGN_IN_PATH = `/auth/sign-in?next=${encodeURIComponent(SIGNED_IN_PATH)}`;
/** The same after a sign-out of which the Workspace has not heard. */
export const SIGN_IN_AGAIN_PATH = `${SIGN_IN_PATH}&again=1`;

export interface Workspace {
  session(signal: AbortSignal): Promise<ReturnType<typeof judgeSession>>;
  feed(id: string, subject: string, signal: AbortSignal): Promise<ReturnType<typeof judgeFeed>>;
  launch(
    request: { readonly resource: ResourceRef; readonly jkt: string },
    csrf: string,
    correlationId: string,
    signal: AbortSignal,
  ): Promise<ReturnType<typeof judgeLaunch>>;
  /** has the Workspace name the signed-in person to the native host, for its challenge */
  pageToken(challenge: string, csrf: string): Promise<ReturnType<typeof judgePageToken>>;
  device(request: DeviceRequest, csrf: string): Promise<ReturnType<typeof judgeDevice>>;
  signOut(csrf: string): Promise<ReturnType<typeof judgeSignOut>>;
}

export function openWorkspace(): Workspace {
  return {
    // Bypasses the browser's cache, which would delay a second request for the same URL until the first is answered.
    session: async (signal) => judgeSession(await send('/api/v1/session', { signal, cache: 'no-store' }, PATIENCE_MS)),
    feed: async (id, subject, signal) => judgeFeed(await send(`/api/v1/feeds/${id}`, { signal }, PATIENCE_MS), id, subject),
    launch: async (request, csrf, correlationId, signal) =>
      judgeLaunch(await send('/api/v1/launches', post(request, csrf, { [CORRELATION_HEADER]: correlationId }, signal), LAUNCH_MS)),
    pageToken: async (challenge, csrf) => judgePageToken(await send('/api/v1/page-token', post({ challenge }, csrf, {}), TOKEN_MS)),
    device: async (request, csrf) => judgeDevice(await send('/api/v1/devices', post(request, csrf, {}), PATIENCE_MS)),
    signOut: async (csrf) => judgeSignOut(await send('/auth/sign-out', { method: 'POST', headers: { [CSRF_HEADER]: csrf } }, SIGN_OUT_MS)),
  };
}

function post(body: unknown, csrf: string, headers: Record<string, string>, signal?: AbortSignal): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', [CSRF_HEADER]: csrf, ...headers },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  };
}

function send(path: string, init: RequestInit, deadlineMs: number): Promise<Answer> {
  const late = AbortSignal.timeout(deadlineMs);
  const signal = init.signal ? AbortSignal.any([init.signal, late]) : late;
  return receive(fetch(path, { cache: 'no-cache', credentials: 'same-origin', redirect: 'manual', ...init, signal }), late);
}
