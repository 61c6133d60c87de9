/** `/interaction/:uid`: the sign-in page, and what comes back from it. Never says which half was wrong (B-I3). */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import * as v from 'valibot';
import { CORRELATION_HEADER } from '#protocol/feed';
import { parse } from '#protocol/parse';
import type { DearWork } from '#runtime/budget/dear-work';
import { correlationIdOf } from '#runtime/http/correlation';
import { escapeHtml, page } from '#runtime/http/page';
import type { LinesOf } from '#runtime/log/line-budget';
import type { Log } from '#runtime/log/log';
import { BRAND } from '../brand.ts';
import { readForm } from '../form.ts';
import type { Lockout } from '../lockout.ts';
import type { Users } from '../users.ts';

export interface SignIn {
  readonly provider: Provider;
  readonly users: Users;
  readonly lockout: Lockout;
  /** checks of passwords: they are slow by design */
  readonly checking: DearWork;
  /** whom a request is charged to */
  readonly sourceOf: (request: IncomingMessage) => string;
  /** origins to which a finished sign-in leads */
  readonly clientOrigins: readonly string[];
  readonly log: Log;
  /** of what anybody may have refused */
  readonly linesOf: LinesOf;
  readonly counted: { add(labels: { outcome: string }): void };
}

const Form = v.object({
  username: v.pipe(v.string(), v.maxLength(200)),
  password: v.pipe(v.string(), v.maxLength(1_024)),
});

const SAYS = {
  wrong: 'Incorrect user name or password.',
  empty: 'Enter your user name and your password.',
  paused: 'Too many attempts. Wait a minute, then try again.',
} as const;

interface Refused {
  readonly says: string;
  readonly correlationId: string;
}

export async function showSignIn(signIn: SignIn, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { uid } = await signIn.provider.interactionDetails(request, response);
  send(response, 200, signIn, uid, '');
}

export async function takeSignIn(signIn: SignIn, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { uid } = await signIn.provider.interactionDetails(request, response);
  const { username, password } = parse(Form, await readForm(request));
  const correlationId = correlationIdOf(request.headers[CORRELATION_HEADER]);
  const refuse = (why: keyof typeof SAYS) => {
    signIn.linesOf(signIn.sourceOf(request)).info({ correlationId, why }, 'Sign-in refused.');
    signIn.counted.add({ outcome: why });
    send(response, why === 'paused' ? 429 : 401, signIn, uid, username, { says: SAYS[why], correlationId });
  };
  if (username.trim() === '' || password === '') return refuse('empty');
  const attempt = await signIn.lockout.begin({ user: await signIn.users.find(username), name: username, cookie: request.headers.cookie });
  if (attempt === undefined) return refuse('paused');
  const user = await signIn.checking(signIn.sourceOf(request), async () =>
    response.destroyed ? undefined : signIn.users.check(username, password),
  );
  if (response.destroyed) return;
  if (user === undefined) return refuse('wrong');
  response.appendHeader('set-cookie', [...(await attempt.succeeded(user))]);
  signIn.counted.add({ outcome: 'signed-in' });
  signIn.log.info({ correlationId, upn: user.upn }, 'Signed in.');
  const result = { login: { accountId: user.id, remember: false } };
  await signIn.provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

function send(response: ServerResponse, status: number, signIn: SignIn, uid: string, username: string, refused?: Refused): void {
  const says = refused?.says;
  const { html, headers } = page({
    title: 'Sign in',
    brand: BRAND,
    formTargets: signIn.clientOrigins,
    body: `<h1>Sign in</h1>
${says === undefined ? '' : `<p class="alert" role="alert" id="says">${escapeHtml(says)}</p>`}
<form method="post" action="/interaction/${escapeHtml(uid)}">
<label for="username">User name</label>
<input id="username" name="username" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="200" required${username === '' ? ' autofocus' : ''} value="${escapeHtml(username)}"${describedBy(says)}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="1024" required${username === '' ? '' : ' autofocus'}${describedBy(says)}>
<button type="submit">Sign in</button>
</form>
${refused === undefined ? '' : `<p class="small">ID ${escapeHtml(refused.correlationId)}</p>`}`,
  });
  response.writeHead(status, headers).end(html);
}

function describedBy(says: string | undefined): string {
  return says === undefined ? '' : ' aria-invalid="true" aria-describedby="says"';
}
