/** Brokering by this connector: by its copy of the site document, for its own location and the session hosts registered here (B-R6). */

import type { Site } from '#core/access/site';
import { signGrant } from '#core/lease/build-grant';
import { placeByCopy } from '#core/placement/host-for';
import { errorOf } from '#core/verdict';
import { HoldfastError } from '#protocol/errors';
import type { Component } from '#runtime/component/component';
import { newId } from '#runtime/jose/sign';
import type { Broker } from './brokering.ts';
import type { SessionHosts } from './session-hosts.ts';

export interface OwnBrokerOptions {
  readonly component: Pick<Component, 'signer' | 'statement'>;
  readonly location: string;
  readonly sessionHosts: Pick<SessionHosts, 'live' | 'promise'>;
  /** the copy of the site document */
  readonly site: () => Site | undefined;
  readonly now: () => number;
}

export function ownBroker({ component, location, sessionHosts, site: copy, now }: OwnBrokerOptions): Broker {
  return async (demand) => {
    const site = copy();
    if (site === undefined) throw new HoldfastError(3020, { reason: 'no-site-copy' }, { retryable: true });
    const placed = placeByCopy(site, { ...demand, location }, sessionHosts.live());
    if (!placed.ok) throw errorOf(placed);
    const {
      publication,
      sessionHost: { id: sessionHost },
    } = placed.value;
    const session = newId();
    const grant = signGrant(component, demand, { jti: newId(), session, sessionHost, location, resource: publication.leased, iat: now() });
    sessionHosts.promise(sessionHost, session, demand.user.subject);
    return grant;
  };
}
