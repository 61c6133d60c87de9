/** Routes as a table: method, path, the checks that come before the body is read, the handler. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HoldfastError } from '#protocol/errors';

/** Throws a `HoldfastError` when the request is refused. */
export type RequestCheck = (request: FastifyRequest) => void | Promise<void>;

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly checks: readonly RequestCheck[];
  /** bytes; the server's own cap when absent */
  readonly maxBytes?: number;
  /** What is returned is sent as JSON; a handler that sends by itself returns the reply. */
  handle(request: FastifyRequest, reply: FastifyReply): unknown;
}

/** Adds the table to a server that is not listening yet. */
export function addRoutes(server: FastifyInstance, routes: readonly Route[]): void {
  for (const { method, path, checks, maxBytes, handle } of routes) {
    server.route({
      method,
      url: path,
      ...(maxBytes !== undefined && { bodyLimit: maxBytes }),
      // Before the body is read: a refused caller costs no parsing.
      onRequest: async (request) => {
        for (const check of checks) await check(request);
      },
      handler: async (request, reply) => {
        const result = await handle(request, reply);
        return reply.sent ? reply : (result ?? {});
      },
    });
  }
}

/** Aborts when the caller disconnects or `deadlineMs` have passed: work for this request can stop. */
export function signalOf(request: FastifyRequest, reply: FastifyReply, deadlineMs: number): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort(new HoldfastError('unavailable', { reason: 'caller-gone' }));
  });
  if (request.raw.destroyed && !request.raw.complete) gone.abort(new HoldfastError('unavailable', { reason: 'caller-gone' }));
  return AbortSignal.any([gone.signal, AbortSignal.timeout(deadlineMs)]);
}
