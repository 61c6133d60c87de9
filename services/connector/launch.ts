/** One launch at a connector, from a device or a gateway: not too many, redeem, broker, find the session host registered here. */

import { resourceKey } from '#core/access/resource-key';
import type { Registration } from '#protocol/channel';
import { HoldfastError } from '#protocol/errors';
import type { Route } from '#protocol/primitives';
import type { Allowance, AllowanceLimits } from '#runtime/budget/allowance';
import type { ControlPeer } from '#runtime/channel/control';
import type { LinesOf } from '#runtime/log/line-budget';
import type { Log } from '#runtime/log/log';
import { logRefusal, outcomeOf } from '#runtime/log/refusals';
import type { Metrics } from '#runtime/metrics/metrics';
import type { Broker, Brokered } from './brokering.ts';
import type { LaunchBody, Redeem } from './redeem.ts';

export interface Launched {
  readonly brokered: Brokered;
  readonly host: { readonly registration: Registration; readonly peer: Pick<ControlPeer, 'call' | 'responsive'> };
}
/** `source`: who is charged for the line about a refusal: an address, or the device's key where a gateway stands between. */
export type Launch = (body: LaunchBody, jkt: string, from: { readonly route: Route; readonly source: string }) => Promise<Launched>;

export interface LaunchContext {
  /** how many launches a device, by its key, and a person may ask for */
  readonly allow: { readonly device: Pick<Allowance, 'spend'>; readonly person: Pick<Allowance, 'spend'> };
  readonly redeem: Redeem;
  readonly broker: Broker;
  readonly sessionHosts: { readonly find: (id: string) => Launched['host'] | undefined };
  readonly log: Log;
  readonly linesOf: LinesOf;
  readonly metrics: Metrics;
}

/** Of one device, or one person: more than anybody clicks, far fewer than fill a location. The native host starts no more than 30 a minute. */
export const LAUNCHES_OF_ONE: AllowanceLimits = { burst: 30, perSecond: 1 };

export function launcher({ allow, redeem, broker, sessionHosts, log, linesOf, metrics }: LaunchContext): Launch {
  const launches = metrics.counter('holdfast_connector_launches_total', 'Launches by mode, route and outcome.', [
    'mode',
    'route',
    'outcome',
  ]);
  const duration = metrics.duration('holdfast_connector_launch_seconds', 'From request to grant.', ['mode']);
  return async (body, jkt, { route, source }) => {
    const { mode, correlationId } = body;
    const startedAt = performance.now();
    try {
      // Before the ticket is used, and before anything is opened.
      mustBeFew(allow.device.spend(jkt));
      const demand = redeem(body, jkt);
      mustBeFew(allow.person.spend(demand.user.subject));
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
      launches.add({ mode, route, outcome: outcomeOf(error) });
      logRefusal(linesOf(source), error, { correlationId, mode, route }, 'Launch refused.');
      throw error;
    }
  };
}

function mustBeFew(allowed: boolean): void {
  if (!allowed) throw new HoldfastError('too_many', { reason: 'launches' });
}
