/**
 * A gateway. It authorizes leases and tickets with its own keys and the last revocation list it has (no database, no
 * call to the cloud), has a connector of the location broker them, and joins devices with session hosts without reading a byte
 * of theirs. What arrives on its one port, by what the ClientHello asks for:
 *
 *   server name <id>.rendezvous.holdfast   a device that meets its session host    -> Meetings, spliced unread
 *   protocol holdfast-rendezvous/1         a session host's leg of such a meeting   -> handlers/rendezvous.ts
 *   protocol holdfast/1                    op launch, by a device                   -> handlers/launch.ts
 *                                          op reach, by a device                    -> handlers/reach.ts
 *                                          op control, by a connector               -> ControlRegistry
 *   anything else                          closed
 */

import * as v from 'valibot';
import { ALPN, RendezvousId, rendezvousName } from '#protocol/channel';
import { HoldfastError } from '#protocol/errors';
import type { Address } from '#protocol/primitives';
import type { GatewayConfig } from '#protocol/service-config';
import { systemSeconds } from '#runtime/channel/client';
import { readClientHello } from '#runtime/channel/client-hello';
import { CONTROL_TIMES } from '#runtime/channel/control';
import { type ControlRegistry, controlRegistry } from '#runtime/channel/control-link';
import { deviceCheck } from '#runtime/channel/device-proof';
import { type Handlers, ownTlsContext, secure, serveExchange } from '#runtime/channel/exchange';
import { countTurnedAway } from '#runtime/channel/exchange-port';
import { identityOf } from '#runtime/channel/identity';
import { type Guest, listenFor } from '#runtime/channel/listener';
import { RATE_LIMITS, rateLimiter } from '#runtime/channel/rate-limit';
import type { Component } from '#runtime/component/component';
import { lineBudget } from '#runtime/log/line-budget';
import type { Metrics } from '#runtime/metrics/metrics';
import type { ChannelServiceOptions } from '#runtime/service/channel-service';
import { openEnrolled } from '#runtime/service/enrolled';
import { listCheck, measureListAge, rootCheck } from '#runtime/service/list-health';
import type { RunningService, ServiceContext } from '#runtime/service/run';
import { launchHandler } from './handlers/launch.ts';
import { reachHandler } from './handlers/reach.ts';
import { receiveLeg } from './handlers/rendezvous.ts';
import { type Meetings, openMeetings } from './meetings.ts';

export async function startGateway(config: GatewayConfig, context: ServiceContext): Promise<RunningService> {
  const component = await openEnrolled('gateway', config, context);
  return serveGateway({ component, listen: config.listen, ...context });
}

export interface GatewayOptions extends ChannelServiceOptions {
  readonly listen: Address;
}

export async function serveGateway(options: GatewayOptions): Promise<RunningService> {
  const { component, signal, log, metrics, nowMs, now = systemSeconds, times = CONTROL_TIMES } = options;
  const identity = identityOf(component);
  const meetings = openMeetings({ signal, metrics, log });
  const connectors = controlRegistry({
    identity,
    handlers: {},
    now,
    log,
    callers: { roles: ['connector'] },
    times,
  });
  const context = ownTlsContext(component);
  const mustHoldKey = deviceCheck({ identity, now, nowMs });
  const handlers: Handlers = {
    launch: launchHandler({ identity, mustHoldKey, connectors, meetings, now, log, linesOf: lineBudget(log, nowMs), metrics }),
    reach: reachHandler({ identity, mustHoldKey, connectors, now, log }),
    control: (exchange) => connectors.accept(exchange),
  };

  const serve = async (guest: Guest): Promise<void> => {
    const hello = await readClientHello(guest.socket);
    const id = rendezvousIdIn(hello.serverName);
    if (id !== undefined) return meetings.arrive(id, guest);
    if (hello.alpn.includes(ALPN.rendezvous)) return receiveLeg(guest, { identity, context, meetings, now });
    if (!hello.alpn.includes(ALPN.exchange)) throw new HoldfastError('bad_request', { reason: 'no-tls' });
    await guest.turn();
    return serveExchange(await secure(guest.socket, context(), ALPN.exchange), identity, handlers, now, guest.settled);
  };
  const listener = await listenFor({
    listen: options.listen,
    rateLimiter: rateLimiter(options.rateLimits ?? RATE_LIMITS, () => performance.now()),
    signal,
    serve,
    onTurnedAway: countTurnedAway(metrics, log),
    onFault: (err, source) => log.debug({ err, source }, 'A connection failed.'),
  });
  measure(metrics, component, connectors, now);
  return {
    address: listener.address,
    checks: checksOf(component, connectors),
    stop: () => drain(listener.close, meetings),
  };
}

/** The rendezvous id that a server name carries, if any. */
function rendezvousIdIn(serverName: string): string | undefined {
  const id = serverName.split('.', 1)[0] ?? '';
  return v.is(RendezvousId, id) && serverName === rendezvousName(id) ? id : undefined;
}

function checksOf(component: Component, connectors: ControlRegistry): RunningService['checks'] {
  return [
    listCheck(component),
    rootCheck(component),
    { name: 'connectors', run: () => (connectors.all().some((peer) => peer.responsive()) ? undefined : 'No connector answers.') },
  ];
}

function measure(metrics: Metrics, component: Component, connectors: ControlRegistry, now: () => number): void {
  metrics.gauge(
    'holdfast_gateway_connectors',
    'Connectors that answer.',
    () => connectors.all().filter((peer) => peer.responsive()).length,
  );
  measureListAge(metrics, component, now);
}

async function drain(close: () => Promise<void>, meetings: Meetings): Promise<void> {
  meetings.close();
  await close();
}
