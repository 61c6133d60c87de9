/**
 * The server's side of `protocol/cloud-api.ts`: HTTPS whose callers authenticate by the TLS key that their trust
 * statement names. The check comes before the body is read.
 */
import type { TlsOptions } from 'node:tls';
import { TLSSocket, Server as TlsServer } from 'node:tls';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type * as v from 'valibot';
import { judgeStatement, type Trust } from '#core/trust/trust';
import { HoldfastError } from '#protocol/errors';
import { parse } from '#protocol/parse';
import type { Role, Statement } from '#protocol/trust';
import type { Component } from '../component/component.ts';
import { nodeCrypto } from '../jose/primitives.ts';
import type { TlsIdentity } from '../tls/certificate.ts';
import { serverTls } from '../tls/options.ts';
import { peerSpki } from '../tls/peer.ts';
import { STATEMENT_HEADER } from './headers.ts';
import type { RequestCheck, Route } from './routes.ts';
import { signalOf } from './routes.ts';

/** One declaration of `CLOUD`. */
export interface CloudDeclaration {
  readonly service: Role;
  readonly path: string;
  readonly callers: readonly Role[];
  readonly request: v.GenericSchema;
  readonly reply: v.GenericSchema;
  /** cap of the reply; `LIMITS.replyBytes` where it is absent */
  readonly replyBytes?: number;
}

/** The caller and the context of its call. */
export interface Asked {
  /** the caller's statement; undefined where the declaration names no callers */
  readonly caller: Statement | undefined;
  readonly correlationId: string;
  /** aborts when the caller disconnects, or at the deadline */
  readonly signal: AbortSignal;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Default deadline of a call, ms. */
const DEADLINE_MS = 5_000;

/** TLS that requests the caller's certificate; `callerCheck` judges it. */
export function mutualTls(identity: TlsIdentity): TlsOptions {
  return { ...serverTls(identity), requestCert: true, rejectUnauthorized: false };
}

/** Connections from now on are made with the component's key of now; those that are open go on. */
export function followKeys(server: FastifyInstance, component: Pick<Component, 'tls' | 'onKeys'>): void {
  component.onKeys(() => {
    if (server.server instanceof TlsServer) server.server.setSecureContext(serverTls(component.tls));
  });
}

export interface CloudRouteOptions {
  readonly maxBytes?: number;
  readonly deadlineMs?: number;
}

/** A route of the table for one declaration. Callers' statements are judged by the trust of whoever serves it. */
export function cloudRoute<D extends CloudDeclaration>(
  declaration: D,
  { trust }: Pick<Component, 'trust'>,
  handle: (body: v.InferOutput<D['request']>, asked: Asked) => Promise<v.InferOutput<D['reply']>>,
  { maxBytes, deadlineMs = DEADLINE_MS }: CloudRouteOptions = {},
): Route {
  const callers = new WeakMap<FastifyRequest, Statement>();
  const check = callerCheck(declaration.callers, trust, callers);
  return {
    method: 'POST',
    path: declaration.path,
    checks: declaration.callers.length === 0 ? [] : [check],
    ...(maxBytes !== undefined && { maxBytes }),
    handle: (request, reply) =>
      handle(parse(declaration.request, request.body), {
        caller: callers.get(request),
        correlationId: request.id,
        signal: signalOf(request, reply, deadlineMs),
        request,
        reply,
      }),
  };
}

/** The statement verifies, its role may call, and the connection uses the key that it names. */
function callerCheck(roles: readonly Role[], trust: () => Trust, callers: WeakMap<FastifyRequest, Statement>): RequestCheck {
  return (request) => {
    const token = request.headers[STATEMENT_HEADER];
    const tls = request.raw.socket instanceof TLSSocket ? peerSpki(request.raw.socket) : undefined;
    if (typeof token !== 'string' || tls === undefined) throw new HoldfastError('untrusted_peer', { reason: 'no-certificate' });
    const judged = judgeStatement(nodeCrypto, trust(), token, Math.floor(Date.now() / 1_000), { roles, tls });
    if (!judged.ok) throw new HoldfastError('untrusted_peer', { reason: 'statement', why: judged.why });
    callers.set(request, judged.value);
  };
}
