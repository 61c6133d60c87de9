/** Connections to the identity provider: ordinary HTTP(S) with the system's authorities, few at a time. */
import { Agent } from 'undici';
import { lookup } from '#runtime/tls/lookup';

const CONNECTIONS = 8;
/** Finished at once: of the connections two are left, by which the provider is asked whether it answers and for its keys. */
export const SIGN_INS_AT_ONCE = CONNECTIONS - 2;

export const identityAgent = new Agent({
  connections: CONNECTIONS,
  pipelining: 1,
  connect: { lookup, timeout: 1_500 },
  keepAliveTimeout: 10_000,
});
