/** `POST /api/v1/devices`: the device proves possession of its keys and gets a token to fetch this person's leases. Each key counts as a device. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { deviceDigest } from '#core/lease/device-digest';
import { judgeProof } from '#core/lease/judge-proof';
import { HoldfastError } from '#protocol/errors';
import { TYP } from '#protocol/jose';
import { TIMES } from '#protocol/limits';
import { parse } from '#protocol/parse';
import { type DeviceReply, DeviceRequest, type DeviceToken } from '#protocol/workspace-api';
import { nodeCrypto, publicKeyOf, thumbprint } from '#runtime/jose/primitives';
import { sessionOf } from '../checks/signed-in.ts';
import { deviceSeen } from '../devices.ts';
import { namesOf } from '../seen-names.ts';
import type { WorkspaceContext } from '../workspace-context.ts';

export function addDevice({ config, component, site, store, seen, now, log }: WorkspaceContext) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<DeviceReply> => {
    const { user, deviceNonce } = sessionOf(request);
    if (!site.current().continuity.enabled) throw new HoldfastError('not_entitled', { reason: 'no-continuity' });
    const { sign, enc, claimsHardware, proof } = parse(DeviceRequest, request.body);
    mustBeOnCurve(enc);
    const iat = Math.floor(now() / 1_000);
    const digest = deviceDigest(nodeCrypto, sign, enc);
    const judged = judgeProof(nodeCrypto, proof, sign, { aud: config.publicUrl, op: 'device', nonce: deviceNonce, digest, now: iat });
    if (!judged.ok) throw new HoldfastError('untrusted_peer', { reason: 'device-proof', why: judged.why });
    const jkt = thumbprint(sign);
    const isNew = await deviceSeen(store, user, { jkt, claimsHardware }, config.devicesPerPerson, now());
    if (isNew) log.info({ correlationId: request.id, subject: user.subject, device: jkt }, 'A new device of this person.');
    seen.note([...namesOf(user), { kind: 'device', jkt }]);
    const token: DeviceToken = {
      aud: config.publicUrl,
      tenant: component.trust().bundle.tenant,
      user,
      cnf: { jkt },
      enc,
      iat,
      exp: iat + TIMES.deviceTokenSeconds,
    };
    reply.header('cache-control', 'no-store');
    return { token: component.signer.sign(TYP.deviceToken, token), expires: token.exp };
  };
}

/** Leases will be sealed to it. */
function mustBeOnCurve(key: Parameters<typeof publicKeyOf>[0]): void {
  try {
    publicKeyOf(key);
  } catch (cause) {
    throw new HoldfastError('bad_request', { reason: 'field', field: 'enc', expected: 'a point of P-256' }, { cause });
  }
}
