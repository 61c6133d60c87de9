/**
 * May this person open it now, and who redeems the ticket? The first location of the resource that has a living connector
 * and a session host for it. The broker signs how that location is reached, so that no page and no Workspace chooses an address.
 */

import type * as v from 'valibot';
import { type Place, toLeaseLocation } from '#core/access/enumerate';
import { hostFor } from '#core/placement/host-for';
import { errorOf } from '#core/verdict';
import type { CLOUD } from '#protocol/cloud-api';
import { HoldfastError } from '#protocol/errors';
import { TYP } from '#protocol/jose';
import type { Locator } from '#protocol/lease';
import type { Asked } from '#runtime/http/cloud-server';
import { type Brokering, CONNECTOR_SILENT_MS, mustBeAdmitted } from '../brokering.ts';

type Call = typeof CLOUD.admit;

export function admit(brokering: Brokering) {
  const { site, store, component, now } = brokering;
  let turn = 0;
  return async ({ user, resource: ref }: v.InferOutput<Call['request']>, _asked: Asked): Promise<v.InferOutput<Call['reply']>> => {
    const publication = mustBeAdmitted(brokering, ref, user);
    const { leased, places } = publication;
    const since = now() - CONNECTOR_SILENT_MS;
    let why: HoldfastError = new HoldfastError('unavailable', { reason: 'no-connector' });

    /** The connector that redeems; undefined (and `why` set) when this place cannot serve now. */
    const redeemerAt = async ({ location }: Place): Promise<string | undefined> => {
      const live = await store.liveConnectors(location.id, since);
      const usable = location.connectors.filter((connector) => live.includes(connector.id));
      if (usable.length === 0) return undefined;
      const hosts = await store.liveSessionHosts(store.database.sql, location.id, since, now());
      const chosen = hostFor(site.current().site, publication, { location: location.id, resource: ref, user, mode: 'ticket' }, hosts);
      if (!chosen.ok) {
        why = errorOf(chosen);
        return undefined;
      }
      // Round robin, so that no connector redeems everything.
      return usable[turn++ % usable.length]?.id;
    };

    for (const place of places) {
      const redeemer = await redeemerAt(place);
      if (redeemer === undefined) continue;
      const location = toLeaseLocation(site.current().site, place.location);
      const locator: Locator = {
        tenant: component.trust().bundle.tenant,
        // The device meets nobody but the redeemer there: another connector could only refuse the ticket.
        location: { ...location, connectors: location.connectors.filter((connector) => connector.id === redeemer) },
        iat: Math.floor(now() / 1_000),
      };
      return {
        resource: leased,
        deliveryGroup: place.group.id,
        location: location.id,
        redeemer,
        locator: { token: component.signer.sign(TYP.locator, locator), statement: component.statement() },
      };
    }
    throw why;
  };
}
