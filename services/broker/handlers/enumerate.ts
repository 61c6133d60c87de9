/** What this person may see. */
import type * as v from 'valibot';
import { publicationsFor, toFeedResource } from '#core/access/enumerate';
import type { CLOUD } from '#protocol/cloud-api';
import type { Brokering } from '../brokering.ts';

type Call = typeof CLOUD.enumerate;

export function enumerate({ site }: Brokering) {
  return async ({ user }: v.InferOutput<Call['request']>): Promise<v.InferOutput<Call['reply']>> => {
    const current = site.current().site;
    const publications = publicationsFor(current, user);
    return {
      feed: current.content.feed,
      name: current.content.site.name,
      resources: publications.map((publication) => toFeedResource(current, publication)),
      icons: Object.fromEntries(
        publications.flatMap(({ resource }) => (resource.icon === undefined ? [] : [[resource.id, resource.icon]])),
      ),
    };
  };
}
