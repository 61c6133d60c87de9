/** A sign-in that could not begin or end: what happened, what still works, what to do. */
import type { FastifyReply } from 'fastify';
import { describeError, type HoldfastError } from '#protocol/errors';
import { OFFLINE_PATH } from '#protocol/page';
import { escapeHtml, page } from '#runtime/http/page';

export function failedSignIn(
  reply: FastifyReply,
  error: HoldfastError,
  { brand, correlationId, next }: { brand: string; correlationId: string; next: string },
): FastifyReply {
  const away = error.code === 'unavailable' || error.code === 'timeout';
  const title = away ? 'Sign-in isn’t answering' : 'You aren’t signed in';
  const says = away ? 'Apps and desktops with saved access on this device still open.' : error.message;
  const again = `<a class="button${away ? ' plain' : ''}" href="/auth/sign-in?next=${encodeURIComponent(next)}">Try again</a>`;
  const offline = `<a class="button" href="${OFFLINE_PATH}">Use Workspace offline</a>`;
  const { html, headers } = page({
    title,
    brand,
    body: `<h1>${title}</h1>
<p class="lead" role="alert">${escapeHtml(says)}</p>
${(away ? [offline, again] : [again]).join('\n')}
<p class="small">${escapeHtml(String(error.code))} · ID ${escapeHtml(correlationId)}</p>`,
  });
  return reply.code(describeError(error.code).http).headers(headers).send(html);
}
