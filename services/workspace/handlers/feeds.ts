/** `GET /api/v1/feeds/:id`: one feed's list for the person, with an ETag (B-W2). */
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import type { FeedDocument } from '#protocol/feed';
import { parse } from '#protocol/parse';
import { Id } from '#protocol/primitives';
import { signalOf } from '#runtime/http/routes';
import { sha256 } from '#runtime/jose/primitives';
import { sessionOf } from '../checks/signed-in.ts';
import type { WorkspaceContext } from '../workspace-context.ts';

const Params = v.object({ id: Id });
/** ms: upper bound for a request, whatever the feed's own deadline */
const DEADLINE_MS = 3_000;
/** ms: an unchanged list is sent again after this, because it carries its age */
const AGE_TOLD_MS = 60_000;

export function feedDocument({ feeds, now }: WorkspaceContext) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FeedDocument | FastifyReply> => {
    const { id } = parse(Params, request.params);
    const feed = feeds.find((one) => one.id === id);
    if (feed === undefined) throw new HoldfastError('not_found', { reason: 'feed', id });
    const { user } = sessionOf(request);
    const resources = await feed.list(user, { signal: signalOf(request, reply, DEADLINE_MS), correlationId: request.id });
    const asOf = now();
    const etag = `"${sha256(JSON.stringify([user.subject, feed.name, resources, Math.floor(asOf / AGE_TOLD_MS)]))}"`;
    reply.headers({ etag, 'cache-control': 'private, no-cache', vary: 'cookie' });
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    return { v: 1, feed: feed.id, name: feed.name, subject: user.subject, asOf, resources: [...resources] };
  };
}
