/** A connector's keys of its location. A root of trust that was restored may lack some, so what it leaves out is kept while leases may need it. */
import type { LocationKeyRing } from '#core/lease/open-lease';
import { neededLocationKeys } from '#core/trust/location-keys';
import type { LocationKey } from '#protocol/trust';
import { thumbprint } from '../jose/primitives.ts';
import { unsealerFor } from '../jose/seal.ts';

/** All that are held and heard and still needed, newest first. */
export function mergedLocationKeys(held: readonly LocationKey[], heard: readonly LocationKey[], now: number): LocationKey[] {
  const all = new Map([...held, ...heard].map((key) => [thumbprint(key.publicKey), key] as const));
  return neededLocationKeys([...all.values()], now);
}

export function keyRingOf(keys: readonly LocationKey[]): LocationKeyRing {
  return Object.fromEntries(keys.map(({ publicKey, privateKey }) => [thumbprint(publicKey), unsealerFor(privateKey)] as const));
}
