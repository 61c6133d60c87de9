/** The newest site document for whoever keeps a copy: for each caller the part that it needs, and nothing else (the table is in README.md). */
import * as v from 'valibot';
import type { CLOUD } from '#protocol/cloud-api';
import { HoldfastError } from '#protocol/errors';
import { TIMES } from '#protocol/limits';
import { AccessRules, PortalSettings } from '#protocol/site-document';
import type { Statement } from '#protocol/trust';
import type { Asked } from '#runtime/http/cloud-server';
import { type Brokering, mustServe } from '../brokering.ts';
import type { CurrentSite } from '../site.ts';

type Call = typeof CLOUD.siteDocument;

/** ms that the answer may take beyond its wait */
const MARGIN_MS = 5_000;
/** ms: the deadline of the call */
export const SITE_DOCUMENT_MS = TIMES.siteWaitSeconds * 1_000 + MARGIN_MS;

export function siteDocument(brokering: Pick<Brokering, 'site'>, ending: AbortSignal) {
  const { site } = brokering;
  return async (
    { have, wait }: v.InferOutput<Call['request']>,
    { caller, signal }: Pick<Asked, 'caller' | 'signal'>,
  ): Promise<v.InferOutput<Call['reply']>> => {
    if (have !== undefined) await site.heard(have.version);
    if (wait && have !== undefined)
      await site.otherThan(have, AbortSignal.any([ending, signal, AbortSignal.timeout(TIMES.siteWaitSeconds * 1_000)]));
    if (caller?.role === 'connector') mustServe(brokering, caller.location ?? '', caller);
    const current = site.current();
    const { version, digest } = current;
    const isNews = have === undefined || version > have.version || (version === have.version && digest !== have.digest);
    if (!isNews) return { version, digest };
    return { version, digest, document: partFor(current, caller) };
  };
}

function partFor({ document, part }: CurrentSite, caller: Statement | undefined): unknown {
  switch (caller?.role) {
    case 'workspace':
      return v.parse(WorkspacePart, document);
    case 'lease-issuer':
      return v.parse(AccessRules, document);
    case 'connector':
      return part(caller.location ?? '');
    default:
      throw new HoldfastError('forbidden_caller');
  }
}

const WorkspacePart = v.object(PortalSettings.entries);
