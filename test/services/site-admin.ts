/** Administration of the site document in tests: a broker's named tokens, and access to it by its data folder. */
import type { BrokerConfig } from '#protocol/service-config';
import { loadOrMakeKeys } from '#runtime/component/keys';
import type { RunningService } from '#runtime/service/run';
import type { AdminServer } from '../../cli/admin-client.ts';
import { BROKER, importSite } from '../../cli/broker-admin.ts';
import { urlOf } from './service-in-process.ts';

const TOKENS = { Ada: 'the-site-token-of-ada', Ben: 'the-site-token-of-ben' } as const;

export const ADMIN_TOKENS: BrokerConfig['adminTokens'] = Object.entries(TOKENS).map(([name, value]) => ({ name, token: { value } }));

export async function accessTo(
  running: Pick<RunningService, 'address'>,
  dataDir: string,
  who: keyof typeof TOKENS = 'Ada',
): Promise<AdminServer> {
  const { stated } = await loadOrMakeKeys(dataDir, 'broker');
  return { name: BROKER, url: urlOf(running), tlsPin: stated.tls, token: TOKENS[who] };
}

/** The site as the first version. */
export async function importFirst(running: Pick<RunningService, 'address'>, dataDir: string, site: object): Promise<AdminServer> {
  const broker = await accessTo(running, dataDir);
  await importSite(broker, { expect: 0, text: JSON.stringify(site) });
  return broker;
}
