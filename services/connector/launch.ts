/** One launch at a connector, from a device or a gateway: not too many, redeem, broker, find the session host registered here. */

import { resourceKey } from '#core/access/resource-key';
import type { Registration } from '#protocol/channel';
import { HoldfastError } from '#protocol/errors';
import type { Route } from '#protocol/primitives';
import type { ControlPeer } from '#runtime/channel/control';
import type { Log } from '#runtime/log/log';
import { refusalFields } from '#runtime/log/refusal-fields';
import type { Metrics } from '#runtime/metrics/metrics';
import type { Broker, Brokered } from './brokering.ts';
import type { LaunchBody, Redeem } from './redeem.ts';
import type { SessionHosts } from './session-hosts.ts';

export interface Launched {
  readonly brokered: Brokered;
  readonly host: { readonly registration: Registration; readonly peer: Pick<ControlPeer, 'call' | 'responsive'> };
}
export type Launch = (body: LaunchBody, jkt: string, route: Route) => Promise<Launched>;

export interface LaunchContext {
  /** counts a launch of a device, by its key, and of a person; throws `too_many` */
  readonly allow: { readonly device: (jkt: string) => void; readonly person: (subject: string) => void };
  readonly redeem: Redeem;
  readonly broker: Broker;
  readonly sessionHosts: SessionHosts;
  readonly log: Log;
  readonly metrics: Metrics;
}

export function launcher({ allow, redeem, broker, sessionHosts, log, metrics }: LaunchContext): Launch {
  const launches = metrics.counter('holdfast_connector_launches_total', 'Launches by mode, route and outcome.', [
    'mode',
    'route',
    'outcome',
  ]);
  const duration = metrics.duration('holdfast_connector_launch_seconds', 'From request to grant.', ['mode']);
  return async (body, jkt, route) => {
    const { mode, correlationId } = body;
    const startedAt = performance.now();
    try {
      // Before the ticket is used, and before anything is opened.
      allow.device(jkt);
      const demand = redeem(body, jkt);
      allow.person(demand.user.subject);
      const brokered = await broker(demand);
      const host = sessionHosts.find(brokered.sessionHost);
      if (host?.peer.responsive() !== true) throw new HoldfastError(3021, { reason: 'not-registered' });
      launches.add({ mode, route, outcome: 'granted' });
      duration.observe((performance.now() - startedAt) / 1_000, { mode });
      log.info(
        { correlationId, mode, route, resource: resourceKey(demand.resource), sessionHost: brokered.sessionHost },
        'Launch granted.',
      );
      return { brokered, host };
    } catch (error) {
      launches.add({ mode, route, outcome: String(error instanceof HoldfastError ? error.code : 'internal') });
      log.info({ correlationId, mode, route, ...refusalFields(error) }, 'Launch refused.');
      throw error;
    }
  };
}
