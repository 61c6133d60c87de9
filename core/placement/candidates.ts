/** The candidate paths to a session, in order (B-N6): location by location, as the lease or launch file lists them. */

import type { Endpoint, LeaseLocation } from '#protocol/lease';
import type { Route } from '#protocol/primitives';
import type { Expected } from '../trust/trust.ts';

export interface Candidate extends Endpoint {
  /** `direct`: a connector of the location; `gateway`: a gateway in front of it */
  readonly route: Route;
  /** the location to serve */
  readonly location: string;
}

/**
 * Inside: connectors. Outside: gateways. Both: connectors, then gateways. `redeemer`: for a ticket, the only connector that may
 * redeem it; the others are omitted, gateways forward it to that one.
 */
export function candidatesFor(locations: readonly LeaseLocation[], redeemer?: string): readonly Candidate[] {
  return locations.flatMap((location) =>
    pathsInto(location).filter(({ route, id }) => route === 'gateway' || redeemer === undefined || id === redeemer),
  );
}

/** Who must be at the other end of a path. */
export function expectedAt({ route, id, location }: Candidate): Omit<Expected, 'tls'> {
  return route === 'gateway' ? { roles: ['gateway'], id } : { roles: ['connector'], id, location };
}

function pathsInto({ id, connectivity, connectors, gateways }: LeaseLocation): readonly Candidate[] {
  const direct = connectors.map((endpoint): Candidate => ({ ...endpoint, route: 'direct', location: id }));
  const outside = gateways.map((endpoint): Candidate => ({ ...endpoint, route: 'gateway', location: id }));
  switch (connectivity) {
    case 'inside':
      return direct;
    case 'outside':
      return outside;
    case 'both':
      return [...direct, ...outside];
  }
}
