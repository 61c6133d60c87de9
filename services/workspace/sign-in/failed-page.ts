/** The page for a failed sign-in: what happened, what still works, what to do. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describeError, toWireError } from '#protocol/errors';
import { OFFLINE_PATH } from '#protocol/page';
import { wordsOf } from '#protocol/words';
import { people } from '#protocol/words/language';
import { escapeHtml, page } from '#runtime/http/page';
import { asRefusal } from '#runtime/http/refusal';
import { refusalFields } from '#runtime/log/refusals';
import type { WorkspaceContext } from '../workspace-context.ts';

const NOT_IN = 'You aren’t signed in';
const STILL_OPEN = 'Apps and desktops with saved access on this device still open.';

interface Failed {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** where the sign-in should have led */
  readonly next: string;
}

export function failedSignIn(
  { site, log, linesOf, sourceOf }: Pick<WorkspaceContext, 'site' | 'log' | 'linesOf' | 'sourceOf'>,
  thrown: unknown,
  { request, reply, next }: Failed,
): FastifyReply {
  const error = asRefusal(thrown);
  const fields = { correlationId: request.id, ...refusalFields(error.code === 'internal' ? thrown : error) };
  if (error.code === 'internal') log.error(fields, 'Internal error.');
  else linesOf(sourceOf(request)).warn(fields, 'Sign-in failed.');
  const away = error.code === 'unavailable' || error.code === 'timeout';
  const words = wordsOf(toWireError(error), people);
  const title = error.reason === 'identity-provider' ? 'Sign-in isn’t answering' : away ? 'The Workspace can’t sign you in now' : NOT_IN;
  const detail = away && error.reason !== 'identity-provider' ? words.detail : '';
  const whole = words.says === `${title}.` ? words.detail : `${words.says} ${words.detail}`;
  const says = (away ? `${detail} ${STILL_OPEN}` : whole).trim();
  const again = `<a class="button${away ? ' plain' : ''}" href="/auth/sign-in?next=${encodeURIComponent(next)}">Try again</a>`;
  const offline = `<a class="button" href="${OFFLINE_PATH}">Use Workspace offline</a>`;
  const { html, headers } = page({
    title,
    brand: site.held()?.portal.name ?? 'Workspace',
    body: `<h1>${title}</h1>
<p class="lead" role="alert">${escapeHtml(says)}</p>
${(away ? [offline, again] : [again]).join('\n')}
<p class="small">ID ${escapeHtml(request.id)}</p>`,
  });
  return reply.code(describeError(error.code).http).headers(headers).send(html);
}
