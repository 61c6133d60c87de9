/** `POST /api/v1/launches`: the feed's source admits, the ticket service signs, the device gets its launch file. One deadline for all. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isSameResource, resourceKey } from '#core/access/resource-key';
import { CLOUD } from '#protocol/cloud-api';
import { HoldfastError } from '#protocol/errors';
import type { LaunchFile } from '#protocol/lease';
import { parse } from '#protocol/parse';
import { LaunchRequest } from '#protocol/workspace-api';
import { cloudCall } from '#runtime/http/cloud-client';
import { signalOf } from '#runtime/http/routes';
import { sessionOf } from '../checks/signed-in.ts';
import type { WorkspaceContext } from '../workspace-context.ts';

/** ms: short, because the lease is tried next (B-W6) */
const DEADLINE_MS = 1_200;

export function launch({ config, component, feeds, log }: WorkspaceContext) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<LaunchFile> => {
    const { user } = sessionOf(request);
    const { resource, jkt } = parse(LaunchRequest, request.body);
    const correlationId = request.id;
    const options = { signal: signalOf(request, reply, DEADLINE_MS), deadlineMs: DEADLINE_MS, correlationId };
    const feed = feeds.find(({ id }) => id === resource.feed);
    if (feed?.admit === undefined) throw new HoldfastError('not_found', { reason: 'not-launched', id: resource.feed });
    const admitted = await feed.admit(user, resource, options);
    // The ticket is signed on our word: it names what was asked for, whatever the feed's source answers.
    if (!isSameResource(admitted.resource, resource)) throw new HoldfastError('internal', { reason: 'other-resource' });
    const { deliveryGroup, location, redeemer, locator } = admitted;
    const wish = { user, jkt, resource: admitted.resource, deliveryGroup, location, redeemer, correlationId };
    const issued = await cloudCall(component, config.tickets, CLOUD.issueTicket, wish, options);
    log.info({ correlationId, subject: user.subject, resource: resourceKey(resource), location, redeemer }, 'Launch file issued.');
    reply.header('cache-control', 'no-store');
    return { ticket: issued.ticket, statement: issued.statement, locator, correlationId };
  };
}
