/** `POST /api/v1/lease-sync`: checks a device's token and proof, then forwards the lease issuer's stream, whose end the issuer signs for the device. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { judgeProof } from '#core/lease/judge-proof';
import { openJws } from '#core/trust/jws';
import { CLOUD } from '#protocol/cloud-api';
import { HoldfastError, toWireError } from '#protocol/errors';
import { TYP } from '#protocol/jose';
import { TIMES } from '#protocol/limits';
import { parse } from '#protocol/parse';
import { DeviceToken, type LeaseSyncLine, LeaseSyncRequest } from '#protocol/workspace-api';
import { type AllowanceLimits, allowanceFor } from '#runtime/budget/allowance';
import { cloudLines } from '#runtime/http/cloud-client';
import { sendLines } from '#runtime/http/lines';
import { signalOf } from '#runtime/http/routes';
import { nodeCrypto, sha256, thumbprint } from '#runtime/jose/primitives';
import { useNonce } from '../store.ts';
import type { WorkspaceContext } from '../workspace-context.ts';

/** ms: the longest one sync may take, including the wait */
const SYNC_MS = 180_000;
/** A device syncs at sign-in and once a day (B-N4); each sync signs every lease anew, so that more than a few in a row are no use to anybody. */
const OF_DEVICE: AllowanceLimits = { burst: 12, perSecond: 1 / 60 };
/** the same for all devices of a person together */
const OF_PERSON: AllowanceLimits = { burst: 60, perSecond: 1 / 10 };

export function leaseSync(workspace: WorkspaceContext) {
  const { config, component, log, nowMs } = workspace;
  const devices = allowanceFor(OF_DEVICE, nowMs);
  const people = allowanceFor(OF_PERSON, nowMs);
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const body = parse(LeaseSyncRequest, request.body);
    const token = await mustBeOwnDevice(workspace, body);
    const { user, cnf, enc } = token;
    if (!devices.spend(cnf.jkt) || !people.spend(user.subject)) throw new HoldfastError('too_many');
    const device = { jkt: cnf.jkt, enc };
    const wish = { user, workspace: config.publicUrl, device, answers: sha256(body.proof), correlationId: request.id };
    const options = { signal: signalOf(request, reply, SYNC_MS), deadlineMs: SYNC_MS, correlationId: request.id };
    const lines = cloudLines(component, config.leaseIssuer, CLOUD.issueLeases, wish, options);
    // Read the first line before sending our head: a refusal can still be an ordinary one.
    const first = await lines.next();
    log.info({ correlationId: request.id, subject: user.subject }, 'Lease sync started.');
    return sendLines(reply, passOn(first, lines, request.id), options.signal);
  };
}

async function mustBeOwnDevice({ config, component, store, now }: WorkspaceContext, body: LeaseSyncRequest): Promise<DeviceToken> {
  const seconds = Math.floor(now() / 1_000);
  // Any instance of the Workspace may have issued the token.
  const makers = component.statements().flatMap(({ role, keys }) => (role === 'workspace' ? [keys.sign] : []));
  const opened = openJws(nodeCrypto, body.token, TYP.deviceToken, DeviceToken, [component.signer.publicKey, ...makers]);
  if (!opened.ok) throw new HoldfastError('untrusted_peer', { reason: 'device-token', why: opened.why });
  const token = opened.value;
  if (token.aud !== config.publicUrl || token.tenant !== component.trust().bundle.tenant)
    throw new HoldfastError('untrusted_peer', { reason: 'token-workspace' });
  if (token.exp < seconds || token.iat > seconds + TIMES.leaseSkewSeconds)
    throw new HoldfastError('not_signed_in', { reason: 'token-old' });
  if (token.cnf.jkt !== thumbprint(body.key)) throw new HoldfastError('untrusted_peer', { reason: 'token-device' });
  const demand = { aud: config.publicUrl, op: 'sync' as const, digest: sha256(body.token), now: seconds };
  const proof = judgeProof(nodeCrypto, body.proof, body.key, demand);
  if (!proof.ok) throw new HoldfastError('untrusted_peer', { reason: 'device-proof', why: proof.why });
  const forgetAt = (proof.value.iat + 2 * TIMES.leaseSkewSeconds) * 1_000;
  if (!(await useNonce(store, proof.value.nonce, forgetAt))) throw new HoldfastError('untrusted_peer', { reason: 'proof-used' });
  return token;
}

async function* passOn(
  first: IteratorResult<string, unknown>,
  lines: AsyncGenerator<string>,
  correlationId: string,
): AsyncGenerator<string> {
  try {
    if (first.done === true) throw new HoldfastError('unavailable', { reason: 'service', service: 'lease-issuer' });
    yield `${first.value}\n`;
    for await (const line of lines) yield `${line}\n`;
  } catch (thrown) {
    const last: LeaseSyncLine = { type: 'error', error: toWireError(thrown, correlationId) };
    yield `${JSON.stringify(last)}\n`;
  } finally {
    // Also when the device disconnects: the issuer can stop.
    await lines.return(undefined);
  }
}
