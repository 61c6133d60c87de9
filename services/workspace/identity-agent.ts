/** Connections to the identity provider: ordinary HTTP(S) with the system's authorities, few at a time. */
import { Agent } from 'undici';
import { lookup } from '#runtime/tls/lookup';

export const identityAgent = new Agent({ connections: 8, pipelining: 1, connect: { lookup, timeout: 1_500 }, keepAliveTimeout: 10_000 });
