/**
 * The agent beside a session server (sshd, Xvnc, xrdp ...). It registers with every connector of its location, and joins the
 * devices that bring a grant with the server.
 *
 *   its port                    op attach, by a device               -> handlers/attach.ts
 *   from connectors             meet: dial that gateway, wait there      -> handlers/meet.ts, then as on the port
 *   to connectors               register: on every change, and as often as they ask
 */
import type { Address } from '#protocol/primitives';
import type { SessionHostConfig } from '#protocol/service-config';
import { systemSeconds } from '#runtime/channel/client';
import { CONTROL_TIMES } from '#runtime/channel/control';
import { deviceCheck } from '#runtime/channel/device-proof';
import { type Handlers, ownTlsContext } from '#runtime/channel/exchange';
import { openExchangePort } from '#runtime/channel/exchange-port';
import { identityOf } from '#runtime/channel/identity';
import { timeMark } from '#runtime/files/time-mark';
import { lineBudget } from '#runtime/log/line-budget';
import type { ChannelServiceOptions } from '#runtime/service/channel-service';
import { openEnrolled } from '#runtime/service/enrolled';
import { listCheck, rootCheck } from '#runtime/service/list-health';
import type { RunningService, ServiceContext } from '#runtime/service/run';
import { attachHandler } from './handlers/attach.ts';
import { meetHandler } from './handlers/meet.ts';
import { register } from './registration.ts';
import { checkFiles } from './server-files.ts';
import { openSessions } from './sessions.ts';

export async function startSessionHost(config: SessionHostConfig, context: ServiceContext): Promise<RunningService> {
  await checkFiles(config.servers);
  const component = await openEnrolled('session-host', config, context);
  return serveSessionHost({ component, config, ...context });
}

export interface SessionHostOptions extends ChannelServiceOptions {
  readonly config: Pick<SessionHostConfig, 'dataDir' | 'location' | 'address' | 'connectors' | 'servers' | 'maxSessions' | 'listen'>;
}

export async function serveSessionHost(options: SessionHostOptions): Promise<RunningService> {
  const { component, config, signal, log, metrics, nowMs, now = systemSeconds, times = CONTROL_TIMES } = options;
  const identity = identityOf(component);
  const context = ownTlsContext(component);
  const sessions = openSessions({ trust: () => component.trust(), now, mark: timeMark(config.dataDir, 'latest-grant'), log });
  identity.onTrust(() => sessions.endRevoked());

  const mustHoldKey = deviceCheck({ identity, now, nowMs });
  const handlers: Handlers = {
    attach: attachHandler({ identity, mustHoldKey, config, sessions, now, signal, log, linesOf: lineBudget(log, nowMs), metrics }),
  };
  const listener = await openExchangePort({
    listen: config.listen,
    rateLimits: options.rateLimits,
    identity,
    context,
    handlers,
    now,
    signal,
    log,
    metrics,
  });
  const address: Address = config.address.port === 0 ? listener.address : config.address;
  const registration = register({
    control: { identity, now, log, times },
    meet: meetHandler({ identity, context, handlers, now, signal, log }),
    connectors: config.connectors,
    location: config.location,
    describe: () => ({
      id: component.id,
      address,
      protocols: config.servers.map(({ protocol }) => protocol),
      sessions: sessions.report(),
      maxSessions: config.maxSessions,
    }),
    signal,
    log,
  });
  sessions.onChange(registration.changed);
  metrics.gauge('holdfast_session_host_sessions', 'Running sessions.', () => sessions.report().length);
  metrics.gauge('holdfast_session_host_connectors', 'Connectors with which this session host is registered.', registration.registeredWith);
  return {
    address: listener.address,
    checks: [
      listCheck(component),
      rootCheck(component),
      { name: 'registered', run: () => (registration.registeredWith() === 0 ? 'No connector knows this session host.' : undefined) },
    ],
    stop: () => listener.close(),
  };
}
