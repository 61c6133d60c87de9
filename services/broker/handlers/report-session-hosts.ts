/** A connector reports itself and its session hosts, every few seconds. Only session hosts that the site names there are taken. */
import type * as v from 'valibot';
import type { CLOUD } from '#protocol/cloud-api';
import { HoldfastError } from '#protocol/errors';
import type { Asked } from '#runtime/http/cloud-server';
import type { Brokering } from '../brokering.ts';

type Call = typeof CLOUD.reportSessionHosts;

export function reportSessionHosts({ site, store, now, log }: Brokering) {
  const strangers = new Set<string>();
  return async (
    { location, connector, sessionHosts }: v.InferOutput<Call['request']>,
    { caller }: Asked,
  ): Promise<Record<string, never>> => {
    if (caller?.id !== connector || caller.location !== location) {
      throw new HoldfastError('forbidden_caller', { reason: 'other-connector' });
    }
    const current = site.current().site;
    const known = sessionHosts.filter((host) => {
      const configured = current.sessionHosts.get(host.id);
      const fits = configured?.location === location && configured.deliveryGroup === host.deliveryGroup;
      if (!fits && strangers.size < 1_000 && !strangers.has(host.id)) {
        strangers.add(host.id);
        log.warn(
          { host: host.id, location, deliveryGroup: host.deliveryGroup },
          'The site document does not name this session host there.',
        );
      }
      return fits;
    });
    await store.report({ id: connector, location }, known, now());
    return {};
  };
}
