/** `holdfast config check FILE...`: reads configuration files as their service would, and says what is wrong where. */
import * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { SiteDocument } from '#protocol/site-document';
import { readYamlFile } from '#runtime/service/yaml-file';
import { checkReferences } from '../../services/broker/site-check.ts';
import { CONFIG_SCHEMAS } from '../up/component-configs.ts';

type Kind = keyof typeof CONFIG_SCHEMAS | 'site';

/** A field that only this kind of file has: a file says by it what it is meant to be. */
const MARKS: readonly (readonly [field: string, kind: Kind])[] = [
  ['resources', 'site'],
  ['deliveryGroups', 'site'],
  ['portal', 'workspace'],
  ['signIn', 'workspace'],
  ['clients', 'identity'],
  ['users', 'identity'],
  ['adminTokens', 'broker'],
  ['issuerKey', 'lease-issuer'],
  ['adminToken', 'root-of-trust'],
  ['servers', 'session-host'],
  ['connectors', 'session-host'],
];

/** `bad_config` in the exit code when any file is not good; each file gets its line. */
export function configCheck(files: readonly string[], as?: string): void {
  const faults = files.flatMap((file) => {
    try {
      const kind = kindOf(file, as);
      if (kind === 'site') checkReferences(readYamlFile(SiteDocument, file));
      else readYamlFile(CONFIG_SCHEMAS[kind], file);
      process.stdout.write(`${file}: good (${kind})\n`);
      return [];
    } catch (error) {
      if (!(error instanceof HoldfastError)) throw error;
      return [error, ...error.also];
    }
  });
  if (faults.length > 0) throw new HoldfastError('bad_config', undefined, { also: faults });
}

function kindOf(file: string, as: string | undefined): Kind {
  if (as !== undefined) {
    const kind = [...Object.keys(CONFIG_SCHEMAS), 'site'].find((one): one is Kind => one === as);
    if (kind === undefined) throw new HoldfastError('bad_request', { reason: 'kind-unknown', name: as });
    return kind;
  }
  const { value } = readYamlFile(v.record(v.string(), v.unknown()), file);
  const marked = MARKS.find(([field]) => field in value);
  if (marked !== undefined) return marked[1];
  if ('address' in value) return 'gateway';
  if ('location' in value) return 'connector';
  return 'tickets';
}
