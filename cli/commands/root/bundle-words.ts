/** What a root bundle says, for programs and for people. Keys are told by their thumbprints. */

import { acceptPinnedBundle } from '#core/trust/root-bundle';
import { HoldfastError } from '#protocol/errors';
import { nodeCrypto, sha256, thumbprint } from '#runtime/jose/primitives';
import type { KeptBundle } from '../../../services/root-of-trust/ceremony-folder.ts';
import { utc } from '../../utc.ts';

export interface BundleReport {
  readonly version: number;
  readonly tenant: string;
  readonly threshold: number;
  readonly rootKeys: readonly string[];
  /** the first of each is in use */
  readonly roles: Readonly<Record<'trust' | 'issuer' | 'revoker', readonly string[]>>;
  /** seconds */
  readonly issued: number;
  readonly expires: number;
  readonly rootPin: string;
}

/** Throws `bad_config` when its own root keys have not signed it. */
export function reportBundle({ signed, bundle }: KeptBundle): BundleReport {
  const rootPin = sha256(signed.payload);
  const judged = acceptPinnedBundle(nodeCrypto, signed, rootPin);
  if (!judged.ok) throw new HoldfastError('bad_config', { reason: 'bundle', count: bundle.version, why: judged.why });
  const { version, tenant, threshold, roles, iat, exp } = bundle;
  return {
    version,
    tenant,
    threshold,
    rootKeys: bundle.rootKeys.map(thumbprint),
    roles: { trust: roles.trust.map(thumbprint), issuer: roles.issuer.map(thumbprint), revoker: roles.revoker.map(thumbprint) },
    issued: iat,
    expires: exp,
    rootPin,
  };
}

/** Lines, each with its line break. */
export function bundleWords({ version, tenant, threshold, rootKeys, roles, issued, expires, rootPin }: BundleReport): string {
  const late = expires <= Date.now() / 1_000 ? ' (expired: run `holdfast root rotate`)' : '';
  const rows: readonly (readonly [string, string])[] = [
    ['version', `${version}`],
    ['tenant', tenant],
    ['signed by', `at least ${threshold} of ${rootKeys.length} root keys`],
    ...rootKeys.map((key) => ['root key', key] as const),
    ...Object.entries(roles).flatMap(([role, keys]) => keys.map((key, index) => [role, index === 0 ? key : `${key} (older)`] as const)),
    ['issued', utc(issued)],
    ['expires', `${utc(expires)}${late}`],
    ['root pin', rootPin],
  ];
  return rows.map(([name, value]) => `${name.padEnd(11)}${value}\n`).join('');
}
