/** The newest site document for whoever keeps a copy; for the Workspace its own part, which says nothing about who may open what. */
import * as v from 'valibot';
import type { CLOUD } from '#protocol/cloud-api';
import { TIMES } from '#protocol/limits';
import { PortalSettings } from '#protocol/site-document';
import type { Asked } from '#runtime/http/cloud-server';
import type { OwnSite } from '../site.ts';

type Call = typeof CLOUD.siteDocument;

/** ms that the answer may take beyond its wait */
const MARGIN_MS = 5_000;
/** ms: the deadline of the call */
export const SITE_DOCUMENT_MS = TIMES.siteWaitSeconds * 1_000 + MARGIN_MS;

export function siteDocument(site: OwnSite, ending: AbortSignal) {
  return async (
    { have, wait }: v.InferOutput<Call['request']>,
    { caller, signal }: Pick<Asked, 'caller' | 'signal'>,
  ): Promise<v.InferOutput<Call['reply']>> => {
    if (wait && have !== undefined)
      await site.otherThan(have, AbortSignal.any([ending, signal, AbortSignal.timeout(TIMES.siteWaitSeconds * 1_000)]));
    const {
      version,
      digest,
      site: { content },
    } = site.current();
    if (version === have?.version && digest === have.digest) return { version, digest };
    return { version, digest, document: caller?.role === 'workspace' ? v.parse(WorkspacePart, content) : content };
  };
}

const WorkspacePart = v.object(PortalSettings.entries);
