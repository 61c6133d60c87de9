/** What every handler of the broker works with, and the judgements that several of them share. */
import { isUndecided } from '#core/access/entitlement';
import { type Publication, publicationFor } from '#core/access/enumerate';
import { resourceKey } from '#core/access/resource-key';
import { type Withheld, withheldFrom } from '#core/access/withheld';
import { HoldfastError } from '#protocol/errors';
import type { ResourceRef, User } from '#protocol/primitives';
import type { SiteResource } from '#protocol/site-document';
import type { Statement } from '#protocol/trust';
import type { Component } from '#runtime/component/component';
import type { Log } from '#runtime/log/log';
import type { OwnSite } from './site.ts';
import type { Store } from './store.ts';

export interface Brokering {
  readonly component: Component;
  readonly site: OwnSite;
  readonly store: Store;
  readonly log: Log;
  /** milliseconds */
  readonly now: () => number;
}

/** A connector that has not reported for this long counts as gone, with everything it reported. */
export const CONNECTOR_SILENT_MS = 15_000;

/**
 * A connector speaks for its own location only, and only while the site document names it there: being enrolled is not enough.
 * Throws `forbidden_caller`.
 */
export function mustServe({ site }: Pick<Brokering, 'site'>, location: string, caller: Statement | undefined): void {
  if (caller?.location !== location) throw new HoldfastError('forbidden_caller', { reason: 'other-location' });
  const connectors = site.current().site.locations.get(location)?.connectors ?? [];
  if (!connectors.some(({ id }) => id === caller.id)) throw new HoldfastError('forbidden_caller', { reason: 'not-in-site', id: caller.id });
}

/** The resource as it is published to the person. Throws `not_found`, `not_entitled`. */
export function mustBePublished(brokering: Brokering, ref: ResourceRef, user: User): Publication {
  const publication = publicationFor(brokering.site.current().site, mustBeThere(brokering, ref), user);
  if (publication === undefined) throw new HoldfastError('not_entitled');
  return publication;
}

/**
 * The same for a new launch. Throws `not_found`, `not_entitled`, `blocked`; `unavailable` where what the person's provider left out decides:
 * that is no denial, so a lease is tried next.
 */
export function mustBeAdmitted(brokering: Brokering, ref: ResourceRef, user: User): Publication {
  const resource = mustBeThere(brokering, ref);
  const publication = publicationFor(brokering.site.current().site, resource, user);
  if (publication === undefined && !isUndecided(resource, user)) throw new HoldfastError('not_entitled');
  const why = withheld(brokering, user);
  if (why === 'blocked') throw new HoldfastError('blocked');
  if (publication === undefined || why !== undefined) throw new HoldfastError('unavailable', { reason: 'person-unknown' });
  return publication;
}

function mustBeThere({ site }: Brokering, ref: ResourceRef): SiteResource {
  const resource = site.current().site.resources.get(resourceKey(ref));
  if (resource === undefined) throw new HoldfastError('not_found', { reason: 'resource', id: resourceKey(ref) });
  return resource;
}

/**
 * Whether a block of the person or of one of their groups is in force, or may be: nothing is issued or brokered anew meanwhile (B-L5).
 * Throws `unavailable` while there is no list: without one, access is denied.
 */
export function withheld({ component, now }: Pick<Brokering, 'component' | 'now'>, user: User): Withheld | undefined {
  const { list } = component.trust();
  if (list === undefined) throw new HoldfastError('unavailable', { reason: 'no-list' });
  return withheldFrom(user, list, Math.floor(now() / 1_000));
}
