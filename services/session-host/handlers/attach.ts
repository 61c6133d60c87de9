/**
 * A device presents a grant. Checks: possession on this very connection, the grant, its first use. Then the session server is
 * connected, the answer says what the viewer needs to sign on, and from then on the bytes are the session's.
 */

import { resourceKey } from '#core/access/resource-key';
import { judgeGrant } from '#core/lease/judge-grant';
import { errorOf } from '#core/verdict';
import type { PresentGrant } from '#protocol/channel';
import { HoldfastError } from '#protocol/errors';
import type { Grant } from '#protocol/lease';
import type { SessionHostConfig } from '#protocol/service-config';
import { sourceOf } from '#runtime/budget/source';
import type { MustHoldKey } from '#runtime/channel/device-proof';
import type { Exchange } from '#runtime/channel/exchange';
import type { ChannelIdentity } from '#runtime/channel/identity';
import { splice } from '#runtime/channel/splice';
import { nodeCrypto } from '#runtime/jose/primitives';
import type { LinesOf } from '#runtime/log/line-budget';
import type { Log } from '#runtime/log/log';
import { logRefusal, outcomeOf } from '#runtime/log/refusals';
import type { Metrics } from '#runtime/metrics/metrics';
import { dialServer } from '../session-server.ts';
import type { Sessions } from '../sessions.ts';
import { accountFor, signOnFor } from '../sign-on.ts';
import { whenJudged } from '../vnc-password-judged.ts';

export interface AttachContext {
  readonly identity: ChannelIdentity;
  readonly mustHoldKey: MustHoldKey;
  readonly config: Pick<SessionHostConfig, 'location' | 'servers'>;
  readonly sessions: Sessions;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** for refusals: anybody can cause one */
  readonly linesOf: LinesOf;
  readonly metrics: Metrics;
}

export function attachHandler(context: AttachContext): (exchange: Exchange<PresentGrant>) => Promise<void> {
  const attachments = context.metrics.counter('holdfast_session_host_attachments_total', 'Attachments by mode and outcome.', [
    'mode',
    'outcome',
  ]);
  return async (exchange) => {
    const { correlationId } = exchange.present;
    const source = sourceOf(exchange.socket);
    let grant: Grant | undefined;
    try {
      grant = judge(exchange, context);
      await attach(exchange, grant, context);
      attachments.add({ mode: grant.mode, outcome: 'attached' });
    } catch (error) {
      attachments.add({ mode: grant?.mode ?? 'unknown', outcome: outcomeOf(error) });
      logRefusal(context.linesOf(source), error, { correlationId }, 'Session refused.');
      throw error;
    }
  };
}

function judge(exchange: Exchange<PresentGrant>, { identity, mustHoldKey, config, sessions, now }: AttachContext): Grant {
  const { grant: token, statement } = exchange.present;
  const shown = { grant: token, statement, jkt: mustHoldKey(exchange) };
  const host = { id: identity.id, location: config.location, startedAt: sessions.startedAt };
  const grant = judgeGrant(nodeCrypto, identity.trust(), shown, host, now());
  if (!grant.ok) throw errorOf(grant);
  if (!sessions.isNew(grant.value)) throw new HoldfastError(3022, { reason: 'grant-used' });
  return grant.value;
}

async function attach(exchange: Exchange<PresentGrant>, grant: Grant, { config, sessions, signal, log }: AttachContext): Promise<void> {
  const server = config.servers.find(({ protocol }) => protocol === grant.resource.protocol);
  if (server === undefined) throw new HoldfastError(3026, { reason: 'no-server', protocol: grant.resource.protocol });
  const account = accountFor(server, grant);
  // Making what one signs on with takes longer than connecting: both in parallel.
  const dialling = dialServer(server.target, account, signal);
  dialling.catch(() => {});
  const signOn = await signOnFor(server, account, exchange.present.sshKey, grant).catch((error: unknown) => {
    dialling.then((socket) => socket.destroy()).catch(() => {});
    throw error;
  });
  const local = await dialling.catch((error: unknown) => {
    signOn.spend();
    throw error;
  });
  if (server.protocol === 'vnc') whenJudged(local, signOn.spend);
  const { correlationId, session, resource, user } = grant;
  const over = sessions.begin(grant, () => {
    exchange.socket.destroy();
    local.destroy();
  });
  log.info({ correlationId, session, resource: resourceKey(resource), subject: user.subject, mode: grant.mode }, 'Session started.');
  exchange.answer({ type: 'attached', session, protocol: server.protocol, signOn: signOn.tell });
  void splice(exchange.socket, local).then(({ forth, back }) => {
    signOn.spend();
    over();
    log.info({ correlationId, session, toServer: forth, toDevice: back }, 'Session ended.');
  });
}
