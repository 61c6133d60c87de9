/**
 * What this location says to the device of a lease: how many session hosts answer here, and whether a launch by that lease would
 * open now. Decided by the copy of the site document and the session hosts registered here; no broker is asked.
 */
import type { Site } from '#core/access/site';
import { judgeLease, type RedeemedLease, type ShownLease } from '#core/lease/judge-lease';
import { openLease } from '#core/lease/open-lease';
import { placeByCopy } from '#core/placement/host-for';
import { errorOf, type Verdict } from '#core/verdict';
import { type ErrorCode, toWireError } from '#protocol/errors';
import type { LeaseFiles } from '#protocol/lease';
import type { ControlResult } from '#runtime/channel/control';
import type { Component } from '#runtime/component/component';
import { nodeCrypto } from '#runtime/jose/primitives';
import type { SessionHosts } from './session-hosts.ts';

export interface ReachOptions {
  readonly component: Pick<Component, 'trust' | 'locationKeys'>;
  readonly location: string;
  readonly sessionHosts: Pick<SessionHosts, 'live'>;
  /** the copy of the site document */
  readonly site: () => Site | undefined;
  readonly now: () => number;
}

/** `jkt`: the key whose possession the device proved, here or at a gateway. Throws what the lease itself is refused with. */
export type Reach = (files: LeaseFiles, jkt: string) => ControlResult<'reach'>;

export function reacher({ component, location, sessionHosts, site: copy, now }: ReachOptions): Reach {
  const place = (shown: ShownLease, lease: RedeemedLease): Verdict<unknown, ErrorCode> => {
    const opened = openLease(nodeCrypto, component.trust(), component.locationKeys(), shown, lease, now());
    if (!opened.ok) return opened;
    const site = copy();
    // Without a copy this connector cannot tell; the broker would.
    if (site === undefined) return { ok: true, value: undefined };
    const { resource } = lease.metadata;
    return placeByCopy(site, { location, resource, user: opened.value.common.user, mode: 'lease' }, sessionHosts.live());
  };
  return (files, jkt) => {
    const shown = { files, jkt, location };
    const judged = judgeLease(nodeCrypto, component.trust(), shown, now());
    if (!judged.ok) throw errorOf(judged);
    const placed = place(shown, judged.value);
    return { sessionHosts: sessionHosts.live().length, ...(!placed.ok && { refusal: toWireError(errorOf(placed)) }) };
  };
}
