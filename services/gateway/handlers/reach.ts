/**
 * A device asks which of a lease's locations answer this gateway now.
 *
 *   possession   the device holds the key, on this very connection
 *   authority    the lease is this device's, and good by our clock, our root bundle and our revocation list
 *   answers      of the lease's locations alone: what a connector of each says now; a location that is silent is left out
 */
import { judgeWholeLease } from '#core/lease/judge-lease';
import { errorOf } from '#core/verdict';
import type { LocationAnswer, PresentReach } from '#protocol/channel';
import type { LeaseLocation } from '#protocol/lease';
import type { ControlParams } from '#runtime/channel/control';
import type { ControlRegistry } from '#runtime/channel/control-link';
import type { MustHoldKey } from '#runtime/channel/device-proof';
import { type Exchange, endSoon } from '#runtime/channel/exchange';
import type { ChannelIdentity } from '#runtime/channel/identity';
import { nodeCrypto } from '#runtime/jose/primitives';
import type { Log } from '#runtime/log/log';
import { outcomeOf, refusalFields } from '#runtime/log/refusals';
import { connectorThatAnswers } from '../connector-that-answers.ts';

export interface ReachContext {
  readonly identity: ChannelIdentity;
  readonly mustHoldKey: MustHoldKey;
  readonly connectors: ControlRegistry;
  readonly now: () => number;
  readonly log: Log;
}

/** ms for a connector that has just answered a ping to say how its location is. It asks nobody else. */
const ANSWER_MS = 1_500;

/** Asks a location by a connector of its own. Silence and refusals are no answer; a bug is none either, but a line in the log. */
export function locationAsker({ connectors, log }: Pick<ReachContext, 'log'> & { readonly connectors: Pick<ControlRegistry, 'get'> }) {
  return async ({ id, connectors: own }: LeaseLocation, params: ControlParams<'reach'>): Promise<LocationAnswer[]> => {
    const ids = own.map((connector) => connector.id);
    try {
      const connector = await connectorThatAnswers(connectors, ids, id, 'lease');
      return [{ location: id, ...(await connector.call('reach', params, ANSWER_MS)) }];
    } catch (error) {
      const fields = { location: id, ...refusalFields(error) };
      if (outcomeOf(error) === 'internal') log.error(fields, 'Internal error.');
      else log.debug(fields, 'A location says nothing.');
      return [];
    }
  };
}

export function reachHandler(context: ReachContext): (exchange: Exchange<PresentReach>) => Promise<void> {
  const { identity, mustHoldKey, now } = context;
  const ask = locationAsker(context);
  return async (exchange) => {
    const { lease } = exchange.present;
    const jkt = mustHoldKey(exchange);
    const judged = judgeWholeLease(nodeCrypto, identity.trust(), { files: lease, jkt }, now());
    if (!judged.ok) throw errorOf(judged);
    const mine = judged.value.locations.filter(({ gateways }) => gateways.some(({ id }) => id === identity.id));
    const locations = (await Promise.all(mine.map((location) => ask(location, { lease, jkt })))).flat();
    exchange.answer({ type: 'reached', locations });
    endSoon(exchange.socket);
  };
}
