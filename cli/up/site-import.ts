/** The machine's own site document, imported at the start. What somebody else imported since stays. */
import { HoldfastError } from '#protocol/errors';
import { brokerByConfig, exportSite, importSite } from '../broker-admin.ts';
import { UP } from './component-configs.ts';

export async function importOwnSite(brokerConfig: string, site: object, say: (line: string) => void): Promise<void> {
  const broker = brokerByConfig(brokerConfig, UP);
  const newest = await exportSite(broker).catch((thrown: unknown) => {
    if (thrown instanceof HoldfastError && thrown.code === 'not_found') return undefined;
    throw thrown;
  });
  if (newest !== undefined && newest.by !== UP)
    return say(`The site document stays as ${newest.by} imported it (version ${newest.version}).`);
  await importSite(broker, { expect: newest?.version ?? 0, text: JSON.stringify(site) });
}
