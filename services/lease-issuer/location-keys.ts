/** The keys that a location's part is sealed to: those in its connectors' statements. */
import type { Leasable, Resolution } from '#core/access/resolve';
import type { P256Jwk } from '#protocol/jose';
import type { Statement } from '#protocol/trust';
import { thumbprint } from '#runtime/jose/primitives';

export type LocationKeys = Readonly<Record<string, readonly P256Jwk[]>>;

/** Usually one for each location; more while a key is being replaced. */
export function locationKeysFrom(statements: readonly Statement[]): LocationKeys {
  const keys: Record<string, P256Jwk[]> = {};
  for (const { role, location, keys: stated } of statements) {
    if (role !== 'connector' || location === undefined || stated.enc === undefined) continue;
    const known = keys[location] ?? [];
    keys[location] = known;
    const kid = thumbprint(stated.enc);
    if (!known.some((key) => thumbprint(key) === kid)) known.push(stated.enc);
  }
  return keys;
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
