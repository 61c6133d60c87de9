/** From a lease to a redeemable credential: find its files, check them, choose a location. */

import { isSameResource } from '#core/access/resource-key';
import { candidatesFor } from '#core/placement/candidates';
import { errorOf, fail } from '#core/verdict';
import type { LeaseFiles } from '#protocol/lease';
import type { OpenedLease } from '../vault/vault.ts';
import { type Credential, type Happened, happening, type LaunchContext, type LaunchOrder } from './launch-context.ts';
import { presentLease } from './present.ts';

export interface LeaseSearch {
  find(): Promise<Happened>;
  check(): Promise<Happened>;
  choose(): Promise<Happened>;
  /** after a good check */
  credential(): Credential | undefined;
}

export function leaseSearch(parts: LaunchContext, { owner, resource, correlationId }: LaunchOrder): LeaseSearch {
  let files: LeaseFiles | undefined;
  let opened: OpenedLease | undefined;
  return {
    async find() {
      if (resource.feed === '' || resource.id === '') return happening({ type: 'missing', code: 3010 });
      const found = await (await parts.vaultOf(owner)).find(resource);
      if (found.ok) {
        files = found.value.files;
        return happening({ type: 'found' });
      }
      const error = errorOf(found);
      if (found.why === 3000 || found.why === 3002) return happening({ type: 'missing', code: found.why }, error);
      // The files exist but were altered: the check reports that.
      files = undefined;
      return happening({ type: 'found' }, error);
    },
    async check() {
      if (files === undefined) return happening({ type: 'bad', code: 3007 });
      const known = await parts.trustFor(owner, false);
      if (known === undefined) return happening({ type: 'bad', code: 3009 });
      const verdict = await (await parts.vaultOf(owner)).check(files, known.trust, parts.clock.now(owner.workspace));
      if (!verdict.ok) return happening({ type: 'bad', code: verdict.why }, errorOf(verdict));
      // The manifest is not signed: a valid lease of another resource may stand under this name.
      if (!isSameResource(verdict.value.metadata.resource, resource))
        return happening({ type: 'bad', code: 3007 }, errorOf(fail(3007, { reason: 'other-resource' })));
      opened = verdict.value;
      return happening({ type: 'good' });
    },
    async choose() {
      const locations = opened?.metadata.locations ?? [];
      if (locations.length === 0) return happening({ type: 'nowhere', code: 3003 });
      return happening(candidatesFor(locations).length === 0 ? { type: 'nowhere', code: 3021 } : { type: 'chosen' });
    },
    credential() {
      if (opened === undefined) return undefined;
      const { metadata, metadataJws, files: held } = opened;
      const shown = { ...held, metadata: metadataJws };
      return {
        resource: metadata.resource,
        locations: metadata.locations,
        candidates: candidatesFor(metadata.locations),
        present: (key) => presentLease(key, shown, correlationId),
      };
    },
  };
}
