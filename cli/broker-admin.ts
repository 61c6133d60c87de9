/** The broker's administration: the site document. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import * as v from 'valibot';
import { SiteChange, SiteExport, SiteHistory, type SiteImport } from '#protocol/cloud-api';
import { HoldfastError } from '#protocol/errors';
import { LIMITS } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import { Digest } from '#protocol/primitives';
import { BrokerConfig } from '#protocol/service-config';
import { readSecret } from '#runtime/service/config';
import { readYamlFile } from '#runtime/service/yaml-file';
import { type AdminServer, askAdmin } from './admin-client.ts';

export const BROKER = 'broker';

const SITE = '/v1/admin/site';

/** Throws `not_found` when there is no such version, or none at all. */
export function exportSite(broker: AdminServer, version?: number): Promise<v.InferOutput<typeof SiteExport>> {
  return askAdmin(broker, { method: 'GET', path: version === undefined ? SITE : `${SITE}?version=${version}` }, SiteExport);
}

/** Throws `bad_config` with the line that is wrong, `conflict`. */
export function importSite(broker: AdminServer, body: v.InferInput<typeof SiteImport>): Promise<SiteChange> {
  return askAdmin(broker, { method: 'PUT', path: SITE, body }, SiteChange);
}

export async function siteHistory(broker: AdminServer): Promise<readonly SiteChange[]> {
  return (await askAdmin(broker, { method: 'GET', path: `${SITE}/history` }, SiteHistory)).changes;
}

const Keys = v.object({ tls: v.object({ spki: Digest }) });

/** The broker on its own machine, by its configuration; `who` names the token, by default the first. Throws `bad_config`. */
export function brokerByConfig(file: string, who?: string): AdminServer {
  const { value: config } = readYamlFile(BrokerConfig, file);
  const besideIt = (...path: string[]) => resolve(dirname(file), ...path);
  const token = config.adminTokens.find(({ name }) => who === undefined || name === who)?.token;
  if (token === undefined) throw new HoldfastError('bad_config', { reason: 'token-name', path: file, name: who ?? '' });
  const { host, port } = config.listen;
  const address = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host] ?? (host.includes(':') ? `[${host}]` : host);
  return {
    name: BROKER,
    url: `https://${address}:${port}`,
    tlsPin: tlsPinIn(besideIt(config.dataDir)),
    token: readSecret('value' in token ? token : { file: besideIt(token.file) }).trim(),
  };
}

function tlsPinIn(dataDir: string): string {
  try {
    return parseJson(Keys, readFileSync(join(dataDir, 'keys.json'), 'utf8'), LIMITS.configBytes, 'bad_config').tls.spki;
  } catch (cause) {
    throw new HoldfastError('bad_config', { reason: 'broker-keys', path: dataDir }, { cause });
  }
}
