/** The page for a failed sign-in: what happened, what still works, what to do. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describeError, toWireError } from '#protocol/errors';
import { OFFLINE_PATH } from '#protocol/page';
import { wordsOf } from '#protocol/words';
import { everything } from '#protocol/words/everything';
import { escapeHtml, page } from '#runtime/http/page';
import { asRefusal } from '#runtime/http/refusal';
import { refusalFields } from '#runtime/log/refusals';
import type { WorkspaceContext } from '../workspace-context.ts';

interface Failed {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** where the sign-in should have led */
  readonly next: string;
}

export function failedSignIn(
  { site, log }: Pick<WorkspaceContext, 'site' | 'log'>,
  thrown: unknown,
  { request, reply, next }: Failed,
): FastifyReply {
  const error = asRefusal(thrown);
  const fields = { correlationId: request.id, ...refusalFields(error.code === 'internal' ? thrown : error) };
  if (error.code === 'internal') log.error(fields, 'Internal error.');
  else log.warn(fields, 'Sign-in failed.');
  const away = error.code === 'unavailable' || error.code === 'timeout';
  const title = away ? 'Sign-in isn’t answering' : 'You aren’t signed in';
  const words = wordsOf(toWireError(error), everything);
  const whole = words.says === `${title}.` ? words.detail : `${words.says} ${words.detail}`.trim();
  const says = away ? 'Apps and desktops with saved access on this device still open.' : whole;
  const again = `<a class="button${away ? ' plain' : ''}" href="/auth/sign-in?next=${encodeURIComponent(next)}">Try again</a>`;
  const offline = `<a class="button" href="${OFFLINE_PATH}">Use Workspace offline</a>`;
  const { html, headers } = page({
    title,
    brand: site.held()?.portal.name ?? 'Workspace',
    body: `<h1>${title}</h1>
<p class="lead" role="alert">${escapeHtml(says)}</p>
${(away ? [offline, again] : [again]).join('\n')}
<p class="small">${escapeHtml(String(error.code))} · ID ${escapeHtml(request.id)}</p>`,
  });
  return reply.code(describeError(error.code).http).headers(headers).send(html);
}
