/** The administration of the site document: import, export, history. */
import type { FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { type SiteChange, SiteImport } from '#protocol/cloud-api';
import { parse } from '#protocol/parse';
import { SiteDocument } from '#protocol/site-document';
import type { Administrators } from '#runtime/http/admin-tokens';
import { readYaml } from '#runtime/service/yaml-file';
import type { Brokering } from '../brokering.ts';
import { checkReferences } from '../site-check.ts';

/** What complaints call a text that came without a file. */
const NAME = 'site.yaml';

export function importSite({ site, component, log }: Brokering, administrators: Administrators) {
  return async (request: FastifyRequest): Promise<SiteChange> => {
    const name = administrators.nameOf(request);
    const { expect, text } = parse(SiteImport, request.body);
    const document = checked(text, component.trust().bundle.tenant);
    const change = await site.put(document, { name, expect });
    log.info({ correlationId: request.id, by: name, expect, version: change.version }, 'A site document was imported.');
    return change;
  };
}

/** Throws `bad_config` with what is wrong. */
function checked(text: string, tenant: string): SiteDocument {
  const yaml = readYaml(SiteDocument, text, NAME);
  checkReferences(yaml, tenant);
  return yaml.value;
}

const Query = v.object({ version: v.optional(v.pipe(v.string(), v.regex(/^\d{1,9}$/u), v.transform(Number))) });

export function exportSite({ site }: Pick<Brokering, 'site'>) {
  return (request: FastifyRequest) => site.version(parse(Query, request.query).version);
}

export function siteHistory({ site }: Pick<Brokering, 'site'>) {
  return async () => ({ changes: await site.history() });
}
