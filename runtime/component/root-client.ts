/** Requests to the root of trust: sending only. `component.ts` judges the replies. */
import { type Agent, request } from 'undici';
import type * as v from 'valibot';
import { keysDigest } from '#core/trust/keys-digest';
import { CLOUD } from '#protocol/cloud-api';
import { HoldfastError } from '#protocol/errors';
import { TYP } from '#protocol/jose';
import type { Proof } from '#protocol/lease';
import { LIMITS, TIMES } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import type { RootOfTrustRef } from '#protocol/service-config';
import type { EnrolmentReply, News, TrustDirectory } from '#protocol/trust';
import { readRefusal, readText } from '../http/answer.ts';
import { STATEMENT_HEADER } from '../http/headers.ts';
import { nodeCrypto, sha256 } from '../jose/primitives.ts';
import { newId } from '../jose/sign.ts';
import type { OwnKeys } from './keys.ts';
import { rootAgent } from './root-agent.ts';

/** ms: one deadline for connecting, sending and reading; the long poll's waiting time comes on top */
const DEADLINE_MS = 5_000;

export interface RootClient {
  enrol(joinToken: string): Promise<EnrolmentReply>;
  /** a new statement for the same keys; for new ones in place of those of `former` */
  renew(statement: string, former?: OwnKeys): Promise<EnrolmentReply>;
  /** at once, or as soon as the revocation list is newer than `listVersion` (50 s at the most); `now`: seconds, by our own clock */
  trust(now: number, listVersion?: number): Promise<TrustDirectory>;
  /** what it holds and the root of trust has lost */
  report(statement: string, news: News): Promise<void>;
  close(): Promise<void>;
  /** the same, when what is under way has ended */
  finish(): Promise<void>;
}

/** Calls throw the root's own refusal, or `unavailable`, `timeout`, `untrusted_peer`. `signal` ends what is under way. */
export function rootClient(root: RootOfTrustRef, keys: OwnKeys, signal: AbortSignal): RootClient {
  const agent = rootAgent(root, { identity: keys.tls, connectTimeoutMs: DEADLINE_MS, connections: 2 });
  const ask = <C extends Call>(call: C, body: object, more: { statement?: string; deadlineMs?: number } = {}) =>
    send({ agent, url: root.url, call, body, signal, deadlineMs: DEADLINE_MS, ...more });
  return {
    enrol: (joinToken) => ask(CLOUD.enrol, { joinToken, keys: keys.stated, proof: proofBy(keys, 'enrol', sha256(joinToken)) }),
    renew: (statement, former) => {
      const digest = keysDigest(nodeCrypto, keys.stated);
      const proof = proofBy(keys, 'renew', digest);
      const body = { keys: keys.stated, proof, ...(former !== undefined && { former: proofBy(former, 'renew', digest) }) };
      return ask(CLOUD.renew, body, { statement });
    },
    trust: (now, listVersion) =>
      listVersion === undefined
        ? ask(CLOUD.trust, { now })
        : ask(CLOUD.trust, { now, listVersion }, { deadlineMs: DEADLINE_MS + TIMES.trustWaitSeconds * 1_000 }),
    report: async (statement, news) => void (await ask(CLOUD.report, news, { statement })),
    close: () => agent.destroy(),
    finish: () => agent.close(),
  };
}

/** Proves that its maker holds the sign key. */
function proofBy({ signer }: OwnKeys, op: 'enrol' | 'renew', digest: string): string {
  const proof: Proof = { aud: 'root-of-trust', op, nonce: newId(), digest, iat: Math.floor(Date.now() / 1000) };
  return signer.sign(TYP.proof, proof);
}

interface Call {
  readonly path: string;
  readonly reply: v.GenericSchema;
  readonly replyBytes?: number;
}

interface Sending<C extends Call> {
  readonly agent: Agent;
  readonly url: string;
  readonly call: C;
  readonly body: object;
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
  /** own, for the calls that show it */
  readonly statement?: string;
}

async function send<C extends Call>(sending: Sending<C>): Promise<v.InferOutput<C['reply']>> {
  const { agent, url, call, body, signal, deadlineMs, statement } = sending;
  const { replyBytes = LIMITS.replyBytes } = call;
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
  try {
    const answer = await request(new URL(call.path, url), {
      method: 'POST',
      dispatcher: agent,
      headers: { 'content-type': 'application/json', ...(statement !== undefined && { [STATEMENT_HEADER]: statement }) },
      body: JSON.stringify(body),
      signal: deadline,
    });
    if (answer.statusCode !== 200) throw await readRefusal(answer.body, 'root of trust');
    return parseJson(call.reply, await readText(answer.body, replyBytes), replyBytes, 'unavailable');
  } catch (cause) {
    if (cause instanceof HoldfastError) throw cause;
    throw new HoldfastError(deadline.aborted ? 'timeout' : 'unavailable', { reason: 'root-of-trust', url }, { cause });
  }
}
