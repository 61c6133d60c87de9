/** A connector redeemed a ticket or a lease: choose the session host and sign the grant for it. */

import type * as v from 'valibot';
import { resourceKey } from '#core/access/resource-key';
import { signGrant } from '#core/lease/build-grant';
import { hostFor } from '#core/placement/host-for';
import { errorOf } from '#core/verdict';
import type { CLOUD } from '#protocol/cloud-api';
import { HoldfastError } from '#protocol/errors';
import type { Asked } from '#runtime/http/cloud-server';
import { newId } from '#runtime/jose/sign';
import type { SqlTransaction } from '#runtime/sql/database';
import { type Brokering, CONNECTOR_SILENT_MS, mustBePublished, mustServe, withheld } from '../brokering.ts';
import type { Tables } from '../store.ts';

type Call = typeof CLOUD.broker;
type Request = v.InferOutput<Call['request']>;

/** Granted sessions are kept this long, ms: they count as promised for a minute, and later explain how a session began. */
const GRANTS_KEPT_MS = 86_400_000;

/** Grants in a minute to one person, and for one device: every connector allows fewer, but there are many connectors. */
const GRANTS_OF_ONE_MAX = 120;
const MINUTE_MS = 60_000;

export function brokerSession(brokering: Brokering) {
  const { component, site, store, now, log } = brokering;
  return async (wish: Request, { caller }: Asked): Promise<v.InferOutput<Call['reply']>> => {
    mustServe(brokering, wish.location, caller);
    const publication = mustBePublished(brokering, wish.resource, wish.user);
    if (withheld(brokering, wish.user) !== undefined) throw new HoldfastError('blocked');
    const session = newId();
    const choose = async (sql: SqlTransaction<Tables>) => {
      const at = now();
      await mustBeFew(sql, wish, at - MINUTE_MS);
      const live = await store.liveSessionHosts(sql, wish.location, at - CONNECTOR_SILENT_MS, at);
      const chosen = hostFor(site.current().site, publication, wish, live);
      if (!chosen.ok) throw errorOf(chosen);
      await sql
        .deleteFrom('broker_grant')
        .where('granted_at', '<', at - GRANTS_KEPT_MS)
        .execute();
      const row = {
        session,
        host: chosen.value.id,
        subject: wish.user.subject,
        device: wish.jkt,
        resource: resourceKey(wish.resource),
        mode: wish.mode,
        granted_at: at,
      };
      await sql.insertInto('broker_grant').values(row).execute();
      return chosen.value.id;
    };
    // A grant lasts a minute and is worthless after a power cut, so the write is not flushed.
    const host = await store.database.exclusively(`brokering ${wish.location}`, choose, 'soon');
    const iat = Math.floor(now() / 1_000);
    const at = { jti: newId(), session, sessionHost: host, location: wish.location, resource: publication.leased, iat };
    log.info({ correlationId: wish.correlationId, resource: resourceKey(wish.resource), host, mode: wish.mode }, 'Session brokered.');
    return signGrant(component, wish, at);
  };
}

/** Throws `too_many` when this person, or this device, was granted too many sessions since `since` (ms). */
async function mustBeFew(sql: SqlTransaction<Tables>, { user, jkt }: Request, since: number): Promise<void> {
  const recent = sql.selectFrom('broker_grant').where('granted_at', '>=', since);
  for (const [column, one] of [['subject', user.subject] as const, ['device', jkt] as const]) {
    const { granted } = await recent
      .where(column, '=', one)
      .select(({ fn }) => fn.countAll<number>().as('granted'))
      .executeTakeFirstOrThrow();
    if (Number(granted) >= GRANTS_OF_ONE_MAX) throw new HoldfastError('too_many', { reason: 'launches' });
  }
}
