/** Why an answer did not come: one closed list for the device, its browser and its probes. Never a guess. */
import * as v from 'valibot';

/**
 * `network`: a page cannot tell refused from DNS or TLS. `closed`: cut before the answer. `server-error`: answered with a failure.
 * `location-silent`: a gateway answered, the location behind it did not. `no-session-host`: the location's connector alone answered.
 * `not-ours`: something else answered. `not-authenticated`, `bad-document`: the Workspace answered, but not with what was asked for.
 */
export const Cause = v.picklist([
  'network',
  'refused',
  'closed',
  'dns',
  'tls',
  'timeout',
  'no-network',
  'unreachable',
  'server-error',
  'location-silent',
  'no-session-host',
  'not-authenticated',
  'bad-document',
  'not-ours',
]);
export type Cause = v.InferOutput<typeof Cause>;

/** The system's own codes (`error.code`), where they say why. */
const SYSTEM: Readonly<Record<string, Cause>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'closed',
  ECONNABORTED: 'closed',
  EPIPE: 'closed',
  UND_ERR_SOCKET: 'closed',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  ENETUNREACH: 'no-network',
  ENETDOWN: 'no-network',
  EHOSTUNREACH: 'unreachable',
};

/** The cause behind a thrown value, by the system's code of it or of what caused it. */
export function causeOf(thrown: unknown): Cause | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
  return SYSTEM[code] ?? (/^(?:ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_)/u.test(code) ? 'tls' : causeOf(thrown.cause));
}
