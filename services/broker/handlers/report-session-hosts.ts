/** A connector reports itself and its session hosts, every few seconds. Only session hosts that the site names there are taken. */
import type * as v from 'valibot';
import { sessionHostNamedAt } from '#core/placement/named-host';
import type { CLOUD } from '#protocol/cloud-api';
import { HoldfastError } from '#protocol/errors';
import type { Asked } from '#runtime/http/cloud-server';
import { type Brokering, mustServe } from '../brokering.ts';

type Call = typeof CLOUD.reportSessionHosts;

export function reportSessionHosts(brokering: Brokering) {
  const { site, store, now, log } = brokering;
  const strangers = new Set<string>();
  return async (
    { location, connector, sessionHosts }: v.InferOutput<Call['request']>,
    { caller }: Asked,
  ): Promise<Record<string, never>> => {
    if (caller?.id !== connector) throw new HoldfastError('forbidden_caller', { reason: 'other-connector' });
    mustServe(brokering, location, caller);
    const current = site.current().site;
    const known = sessionHosts.filter((host) => {
      const isNamed = sessionHostNamedAt(current, location, host.id) !== undefined;
      if (!isNamed && strangers.size < 1_000 && !strangers.has(host.id)) {
        strangers.add(host.id);
        log.warn({ host: host.id, location }, 'The site document does not name this session host there.');
      }
      return isNamed;
    });
    await store.report({ id: connector, location }, known, now());
    return {};
  };
}
