/**
 * A connector: represents its location towards devices, gateways and the cloud.
 *
 *   its port     op launch, by a device inside       -> handlers/direct-launch.ts
 *                op reach, by a device inside        -> handlers/direct-reach.ts
 *                op control, by a session host       -> session-hosts.ts (register)
 *   to each gateway  launch, passed on for a device      -> handlers/passed-on-launch.ts
 *                    reach, passed on for a device       -> reach.ts
 *   to the cloud its broker asked (brokering.ts), the site document read, session hosts reported (report-session-hosts.ts)
 */
import type { Endpoint } from '#protocol/lease';
import type { Address } from '#protocol/primitives';
import type { ConnectorConfig } from '#protocol/service-config';
import { allowanceFor } from '#runtime/budget/allowance';
import { systemSeconds } from '#runtime/channel/client';
import { CONTROL_TIMES, type ControlHandlers } from '#runtime/channel/control';
import { controlRegistry } from '#runtime/channel/control-link';
import { deviceCheck } from '#runtime/channel/device-proof';
import { type Handlers, ownTlsContext } from '#runtime/channel/exchange';
import { openExchangePort } from '#runtime/channel/exchange-port';
import { identityOf } from '#runtime/channel/identity';
import type { Component } from '#runtime/component/component';
import { timeMark } from '#runtime/files/time-mark';
import { closeCloudConnections } from '#runtime/http/cloud-client';
import { lineBudget } from '#runtime/log/line-budget';
import type { Metrics } from '#runtime/metrics/metrics';
import type { ChannelServiceOptions } from '#runtime/service/channel-service';
import { openEnrolled } from '#runtime/service/enrolled';
import { listCheck, measureListAge, rootCheck } from '#runtime/service/list-health';
import type { RunningService, ServiceContext } from '#runtime/service/run';
import { readLocationPart } from '#runtime/site/reader';
import { BROKER_PATIENCE, cloudBroker, withFallback } from './brokering.ts';
import { gatewaysOf } from './gateways.ts';
import { directLaunch } from './handlers/direct-launch.ts';
import { directReach } from './handlers/direct-reach.ts';
import { passedOnLaunch } from './handlers/passed-on-launch.ts';
import { LAUNCHES_OF_ONE, launcher } from './launch.ts';
import { ownBroker } from './own-brokering.ts';
import type { Patience } from './process-deadline.ts';
import { reacher } from './reach.ts';
import { redeemer } from './redeem.ts';
import { reportSessionHosts } from './report-session-hosts.ts';
import { type SessionHosts, sessionHostsOf } from './session-hosts.ts';

export async function startConnector(config: ConnectorConfig, context: ServiceContext): Promise<RunningService> {
  const component = await openEnrolled('connector', config, context);
  const { location, listen, broker, dataDir } = config;
  return serveConnector({ component, location, listen, broker, dataDir, ...context });
}

export interface ConnectorOptions extends ChannelServiceOptions {
  readonly location: string;
  readonly listen: Address;
  /** base URL of the cloud's broker */
  readonly broker: string;
  readonly dataDir: string;
  /** with the broker */
  readonly patience?: Patience;
}

export async function serveConnector(options: ConnectorOptions): Promise<RunningService> {
  const {
    component,
    location,
    broker,
    dataDir,
    signal,
    log,
    metrics,
    nowMs,
    now = systemSeconds,
    times = CONTROL_TIMES,
    patience = BROKER_PATIENCE,
  } = options;
  const identity = identityOf(component);
  const control = { identity, now, log, times };

  const report = reportSessionHosts({ component, broker, location, sessionHosts: () => sessionHosts, signal, log });
  const sessionHosts = sessionHostsOf({ location, site: () => site.held(), now, onChange: report });
  const launch = launcher({
    allow: { device: allowanceFor(LAUNCHES_OF_ONE, nowMs), person: allowanceFor(LAUNCHES_OF_ONE, nowMs) },
    redeem: redeemer({ component, location, mark: timeMark(dataDir, 'latest-ticket'), now }),
    broker: withFallback(
      cloudBroker({ component, broker, location, patience, signal }),
      ownBroker({ component, location, sessionHosts, site: () => site.held(), now }),
      nowMs,
      log,
    ),
    sessionHosts,
    log,
    linesOf: lineBudget(log, nowMs),
    metrics,
  });
  const reach = reacher({ component, location, sessionHosts, site: () => site.held(), now });
  const passedOn = (gateway: Endpoint): ControlHandlers => ({
    launch: passedOnLaunch(launch, gateway),
    reach: async ({ lease, jkt }) => reach(lease, jkt),
  });
  const gateways = gatewaysOf(control, passedOn, signal);
  const site = readLocationPart(location, {
    component,
    broker,
    dataDir,
    signal,
    log,
    metrics,
    onChange: ({ content }) => {
      gateways.follow(content.gateways);
      // It may name other session hosts.
      report();
    },
  });

  const registry = controlRegistry({
    ...control,
    callers: { roles: ['session-host'], location },
    handlers: {
      register: async (registration, peer) => {
        sessionHosts.register(registration, peer);
        return { heartbeatSeconds: HEARTBEAT_SECONDS };
      },
    },
    onChange: (peer, state) => {
      if (state === 'gone') sessionHosts.forget(peer);
    },
  });
  const mustHoldKey = deviceCheck({ identity, now, nowMs });
  const handlers: Handlers = {
    launch: directLaunch(mustHoldKey, launch),
    reach: directReach(mustHoldKey, location, reach),
    control: (exchange) => registry.accept(exchange),
  };
  const listener = await openExchangePort({
    listen: options.listen,
    rateLimits: options.rateLimits,
    identity,
    context: ownTlsContext(component),
    handlers,
    now,
    signal,
    log,
    metrics,
  });
  measure(metrics, component, sessionHosts, now);
  return {
    address: listener.address,
    checks: [
      listCheck(component),
      rootCheck(component),
      ...site.checks,
      { name: 'session-hosts', run: () => (sessionHosts.live().length === 0 ? 'No session host is registered.' : undefined) },
    ],
    stop: async () => {
      await listener.close();
      await closeCloudConnections(component);
    },
  };
}

/** How often a session host registers again without a change; a lost connection is detected within seconds anyway. */
const HEARTBEAT_SECONDS = 60;

function measure(metrics: Metrics, component: Component, sessionHosts: SessionHosts, now: () => number): void {
  metrics.gauge('holdfast_connector_session_hosts', 'Session hosts that answer.', () => sessionHosts.live().length);
  metrics.gauge('holdfast_connector_sessions', 'Sessions on them.', () =>
    sessionHosts.live().reduce((sum, host) => sum + host.sessions.length, 0),
  );
  measureListAge(metrics, component, now);
}
