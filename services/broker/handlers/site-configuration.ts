/** The site configuration for a connector's local host cache; unchanged since `have`, only its version. */
import type * as v from 'valibot';
import type { CLOUD } from '#protocol/cloud-api';
import type { Brokering } from '../brokering.ts';

type Call = typeof CLOUD.siteConfig;

export function siteConfiguration({ site }: Brokering) {
  return async ({ have }: v.InferOutput<Call['request']>): Promise<v.InferOutput<Call['reply']>> => {
    const { version, site: current } = site.current();
    return have === version ? { version } : { version, config: current.content };
  };
}
