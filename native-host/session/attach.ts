/** Meets the session host that the grant names, directly or through the gateway, and presents the grant with a proof. */

import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { type AttachedFrame, type PresentGrant, rendezvousName } from '#protocol/channel';
import { fromWireError, HoldfastError } from '#protocol/errors';
import { TIMES } from '#protocol/limits';
import type { OpenOrder } from '#protocol/session-process';
import { type Channel, openChannel } from '#runtime/channel/client';
import { findDeviceKey } from '../device-key/open.ts';
import { proofOn } from '../device-key/proof.ts';
import { trustFrom } from '../trust-record.ts';
import { folderNameOf } from '../vault/names.ts';

export interface Attached {
  readonly answer: AttachedFrame;
  /** the session's bytes, none of them read yet */
  readonly socket: TLSSocket;
}

const DIRECT_MS = 5_000;
const ANSWER_MS = 10_000;

/** Throws 3020, 3022, 3026 or the session host's refusal; `unavailable`, `timeout`, `untrusted_peer` when it is not reached. */
export async function attach(
  home: string,
  order: OpenOrder,
  correlationId: string,
  sshKey: string | undefined,
  signal: AbortSignal,
): Promise<Attached> {
  const key = await findDeviceKey(join(home, folderNameOf(order)));
  if (key === undefined) throw new HoldfastError(3002, { reason: 'key-gone' });
  const channel = await openChannel({
    ...destinationOf(order),
    trust: trustFrom(order.trust.rootBundle, [], order.trust.revocations),
    expected: { roles: ['session-host'], id: order.sessionHost, location: order.location },
    now: () => order.now,
    signal,
  });
  const present: Omit<PresentGrant, 'rootVersion' | 'listVersion' | 'news'> = {
    type: 'present',
    op: 'attach',
    correlationId,
    ...proofOn(channel, key, 'attach', order.grant),
    grant: order.grant,
    statement: order.statement,
    ...(sshKey !== undefined && { sshKey }),
  };
  return { answer: await presented(channel, present), socket: channel.raw() };
}

async function presented(channel: Channel, present: Parameters<Channel['present']>[0]): Promise<AttachedFrame> {
  const answer = await channel.present(present, ANSWER_MS);
  if (answer.type === 'attached') return answer;
  channel.close();
  if (answer.type === 'refusal') throw fromWireError(answer.error);
  throw new HoldfastError(3009, { reason: 'unexpected-answer' });
}

function destinationOf({ meeting, gateway }: OpenOrder) {
  if (meeting.route === 'direct') return { address: meeting.address, deadlineMs: DIRECT_MS };
  if (gateway === undefined) throw new HoldfastError(3010, { reason: 'no-gateway' });
  return { address: gateway.address, serverName: rendezvousName(meeting.id), deadlineMs: TIMES.rendezvousMs };
}
