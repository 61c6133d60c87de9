/**
 * Claims that a provider gives at its userinfo endpoint only (OpenID Connect Core, 5.3). What is said there is not signed: the connection vouches
 * for it, so it is asked over TLS only, and never where the configuration pins the keys that count.
 */
import type * as openid from 'openid-client';
import type { HoldfastError } from '#protocol/errors';
import { type Claims, claimAt, isSaid, type Said } from './claims.ts';
import { asSignInFailure } from './failure.ts';
import type { Provider } from './provider.ts';

export interface Completed {
  readonly claims: Claims;
  /** why there was no answer that counts; the person signs in with what the ID token says */
  readonly fault?: HoldfastError;
}

export interface Completing {
  readonly issuer: string;
  readonly keys?: readonly object[] | undefined;
  /** claims without which somebody would be less than they are */
  readonly wanted: readonly string[];
}

/** The ID token's claims with those that it lacks. Throws `unavailable` while the provider does not answer. */
export async function complete(
  { client, config }: Provider,
  { access_token }: openid.TokenEndpointResponse,
  claims: Claims,
  { issuer, keys, wanted }: Completing,
): Promise<Completed> {
  const isVouchedFor = issuer.startsWith('https:') && keys === undefined;
  const isThere = config.serverMetadata().userinfo_endpoint !== undefined;
  if (!isVouchedFor || !isThere || wanted.every((name) => isSaid(claims, name))) return { claims };
  try {
    return { claims: together(claims, await client.fetchUserInfo(config, access_token, claims.sub), wanted) };
  } catch (cause) {
    const fault = asSignInFailure(cause);
    if (fault.code === 'unavailable') throw fault;
    return { claims, fault };
  }
}

/**
 * Of what both say, the ID token's counts: it is signed. Whether an address of mail was verified is said of that address only, so it
 * comes from where the address does. Of `wanted` one may be a path, into a claim of which both say a part.
 */
export function together(idToken: Claims, userInfo: Said, wanted: readonly string[]): Claims {
  const lacking = [...new Set([...Object.keys(userInfo), ...wanted])].filter((name) => isSaid(userInfo, name) && !isSaid(idToken, name));
  const added = lacking.filter((name) => !OWN.has(name)).map((name) => [name, claimAt(userInfo, name)]);
  const claims: Claims = { ...idToken, ...Object.fromEntries(added) };
  if (claims['email'] !== userInfo['email']) claims['email_verified'] = idToken['email_verified'];
  claims['_claim_names'] = Object.fromEntries(
    [userInfo, idToken]
      .flatMap((one) => Object.entries(one['_claim_names'] ?? {}))
      .filter(([name]) => !isSaid(idToken, name) && !isSaid(userInfo, name)),
  );
  return claims;
}

/** What only the ID token says of itself. */
const OWN: ReadonlySet<string> = new Set(['sub', 'auth_time', '_claim_names', '_claim_sources']);
