/** The shape of a handler: a parsed request in, a reply out. A refusal is thrown as `HoldfastError`. */
import type * as v from 'valibot';
import type { HOST, HostRequestType } from '#protocol/host';
import type { Host } from '../host.ts';

export type Request<K extends HostRequestType> = v.InferOutput<(typeof HOST)[K]['request']>;
export type Reply<K extends HostRequestType> = v.InferOutput<(typeof HOST)[K]['reply']>;
export type Handler<K extends HostRequestType> = (host: Host, request: Request<K>) => Promise<Reply<K>>;
