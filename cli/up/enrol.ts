/** Join tokens from the root of trust's administration, for components that are not enrolled yet. */
import { request } from 'undici';
import type * as v from 'valibot';
import { JoinTokenReply } from '#protocol/cloud-api';
import { HoldfastError } from '#protocol/errors';
import { parseJson } from '#protocol/parse';
import type { RootOfTrustRef } from '#protocol/service-config';
import type { Role } from '#protocol/trust';
import { rootAgent } from '#runtime/component/root-agent';
import { readRefusal, readText } from '#runtime/http/answer';

const DEADLINE_MS = 10_000;
const MAX_REPLY = 4 * 1_048_576;

export interface AdminCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: object;
}

/** One call of the root of trust's administration. Throws its refusal, `timeout`, `unavailable`, or `untrusted_peer` for another key. */
export async function askAdmin<S extends v.GenericSchema>(
  root: Pick<RootOfTrustRef, 'url' | 'tlsPin'>,
  token: string,
  call: AdminCall,
  reply: S,
): Promise<v.InferOutput<S>> {
  const agent = rootAgent(root, { connectTimeoutMs: DEADLINE_MS, connections: 1 });
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  try {
    const answer = await request(new URL(call.path, root.url), {
      method: call.method,
      dispatcher: agent,
      signal: deadline,
      headers: { authorization: `Bearer ${token}`, ...(call.body && { 'content-type': 'application/json' }) },
      ...(call.body && { body: JSON.stringify(call.body) }),
    });
    if (answer.statusCode !== 200) throw await readRefusal(answer.body, 'root of trust');
    return parseJson(reply, await readText(answer.body, MAX_REPLY), MAX_REPLY, 'unavailable');
  } catch (cause) {
    if (cause instanceof HoldfastError) throw cause;
    throw new HoldfastError(deadline.aborted ? 'timeout' : 'unavailable', `The root of trust at ${root.url} does not answer.`, { cause });
  } finally {
    await agent.destroy();
  }
}

export interface JoinRequest {
  readonly role: Role;
  readonly id: string;
  readonly location?: string;
}

export async function joinToken(root: Pick<RootOfTrustRef, 'url' | 'tlsPin'>, adminToken: string, body: JoinRequest): Promise<string> {
  const reply = await askAdmin(root, adminToken, { method: 'POST', path: '/v1/admin/join-tokens', body }, JoinTokenReply);
  return reply.joinToken;
}
