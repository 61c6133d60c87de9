/** The one client of every service's administration: an address, the pin of its TLS key, the administrator's token, a deadline. */
import { request } from 'undici';
import type * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { LIMITS } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import { readRefusal, readText } from '#runtime/http/answer';
import { pinnedAgent } from '#runtime/tls/pinned-agent';

const DEADLINE_MS = 10_000;
/** A site document with all its defaults is larger than the file that it was. */
const MAX_REPLY = 2 * LIMITS.configBytes;

export interface AdminServer {
  /** as people call it: `root of trust` */
  readonly name: string;
  readonly url: string;
  /** SHA-256 of the SPKI of its TLS certificate */
  readonly tlsPin: string;
  readonly token: string;
}

export interface AdminCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: object;
}

/** One call of an administration. Throws its refusal, `timeout`, `unavailable`, or `untrusted_peer` for another key. */
export async function askAdmin<S extends v.GenericSchema>(server: AdminServer, call: AdminCall, reply: S): Promise<v.InferOutput<S>> {
  const { name, url, tlsPin, token } = server;
  const agent = pinnedAgent({
    accepts: (spki) => spki === tlsPin,
    stranger: 'pinned-key',
    connectTimeoutMs: DEADLINE_MS,
    connections: 1,
  });
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  try {
    const answer = await request(new URL(call.path, url), {
      method: call.method,
      dispatcher: agent,
      signal: deadline,
      headers: { authorization: `Bearer ${token}`, ...(call.body && { 'content-type': 'application/json' }) },
      ...(call.body && { body: JSON.stringify(call.body) }),
    });
    if (answer.statusCode !== 200) throw await readRefusal(answer.body, name);
    return parseJson(reply, await readText(answer.body, MAX_REPLY), MAX_REPLY, 'unavailable');
  } catch (cause) {
    if (cause instanceof HoldfastError) throw cause;
    throw new HoldfastError(deadline.aborted ? 'timeout' : 'unavailable', { reason: 'server', name, url }, { cause });
  } finally {
    await agent.destroy();
  }
}
