/** The key that a location's part is sealed to: as its connectors' statements name it. */
import type { Leasable, Resolution } from '#core/access/resolve';
import type { P256Jwk } from '#protocol/jose';
import type { Statement } from '#protocol/trust';

export type LocationKeys = Readonly<Record<string, readonly P256Jwk[]>>;

/**
 * For each location the key in its newest statement. The others may still open older leases, but a connector that lost its place knows
 * them, so nothing is sealed to them any more.
 */
export function locationKeysFrom(statements: readonly Statement[]): LocationKeys {
  const newest: Record<string, Statement> = {};
  for (const said of statements) {
    const { role, location, keys } = said;
    if (role !== 'connector' || location === undefined || keys.enc === undefined) continue;
    if (said.iat >= (newest[location]?.iat ?? 0)) newest[location] = said;
  }
  return Object.fromEntries(Object.entries(newest).map(([location, { keys }]) => [location, keys.enc === undefined ? [] : [keys.enc]]));
}

/** Whether every location in a lease has a key. */
export function haveKeys(keys: LocationKeys, { leasable }: Resolution): boolean {
  return leasable.every(({ locations }) => locations.every(({ id }) => keys[id] !== undefined));
}

/** Drops locations without a key; a resource that has none left is `beyond` reach. */
export function withinReach(keys: LocationKeys, { leasable }: Resolution): { within: readonly Leasable[]; beyond: readonly Leasable[] } {
  const reached = leasable.map((one) => ({ ...one, locations: one.locations.filter(({ id }) => keys[id] !== undefined) }));
  return {
    within: reached.filter(({ locations }) => locations.length > 0),
    beyond: reached.filter(({ locations }) => locations.length === 0),
  };
}
