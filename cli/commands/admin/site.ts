/** `holdfast admin site ...`: import, export and history of the site document. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { SiteDocument } from '#protocol/site-document';
import { readYamlFile } from '#runtime/service/yaml-file';
import { checkReferences } from '../../../services/broker/site-check.ts';
import type { AdminServer } from '../../admin-client.ts';
import { BROKER, brokerByConfig, exportSite, importSite, siteHistory } from '../../broker-admin.ts';
import { utc } from '../../utc.ts';
import { numberOption } from '../number-option.ts';
import { DEFAULT_DATA } from '../up.ts';
import { type ServerFlags, serverByOptions } from './server.ts';

export interface BrokerFlags extends ServerFlags {
  readonly config?: string;
}

/** First line of an export: the version that an import of it replaces. */
const HEADING = /^# version (\d{1,9}),/u;

/** `expect`: the version that it is to replace; without it the one that the file was exported from. */
export async function importFile(file: string, flags: BrokerFlags & { expect?: string }): Promise<void> {
  // Checked here first: complaints name the file as it was typed.
  checkReferences(readYamlFile(SiteDocument, file));
  const text = readFileSync(file, 'utf8');
  const expect = numberOption('--expect', flags.expect ?? HEADING.exec(text)?.[1], 0);
  const change = await importSite(await brokerOf(flags), { expect, text });
  const words = `Version ${change.version}, by ${change.by}${change.version === expect + 1 ? '' : ', says the same already'}.`;
  process.stdout.write(flags.json === true ? `${JSON.stringify(change)}\n` : `${words}\n`);
}

export async function printSite(flags: BrokerFlags & { version?: string }): Promise<void> {
  const version = flags.version === undefined ? undefined : numberOption('--version', flags.version, 0);
  const found = await exportSite(await brokerOf(flags), version);
  const heading = `# version ${found.version}, by ${found.by}, ${utc(found.at / 1_000)}\n`;
  process.stdout.write(flags.json === true ? `${JSON.stringify(found)}\n` : `${heading}${stringify(found.document)}`);
}

export async function printHistory(flags: BrokerFlags): Promise<void> {
  const changes = await siteHistory(await brokerOf(flags));
  if (flags.json === true) return void process.stdout.write(`${JSON.stringify({ changes })}\n`);
  for (const { version, at, by, digest } of changes) process.stdout.write(`${version}  ${utc(at / 1_000)}  ${by}  ${digest}\n`);
}

/** Named in full, or by its configuration: on its own machine, or that of a running `up`. */
async function brokerOf(flags: BrokerFlags): Promise<AdminServer> {
  const { config, data = DEFAULT_DATA } = flags;
  return (await serverByOptions(BROKER, flags)) ?? brokerByConfig(config ?? join(data, 'config', 'broker.yaml'));
}
