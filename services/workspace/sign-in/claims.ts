/** Maps an identity provider's claims to the person that the rest of Holdfast knows. */
import * as v from 'valibot';
import { Name, Seconds, type User } from '#protocol/primitives';
import { pairwiseSubject } from './subject.ts';

const GROUPS_MAX = 2_000;

export const Claims = v.object({
  sub: v.pipe(v.string(), v.minLength(1), v.maxLength(255)),
  auth_time: v.optional(Seconds),
  name: v.optional(Name),
  upn: v.optional(Name),
  preferred_username: v.optional(Name),
  email: v.optional(Name),
  email_verified: v.optional(v.unknown()),
  groups: v.optional(v.pipe(v.array(Name), v.maxLength(GROUPS_MAX)), []),
});

/**
 * Entitlements name people by `upn`, so a value that people can edit themselves must not count: an email address only where the
 * provider says that it is verified (OpenID Connect Core, 5.1).
 */
export function userOf(by: { readonly tenantKey: string; readonly issuer: string }, claims: v.InferOutput<typeof Claims>): User {
  const email = claims.email_verified === true ? claims.email : undefined;
  const upn = claims.upn ?? claims.preferred_username ?? email ?? claims.sub;
  return { subject: pairwiseSubject(by.tenantKey, by.issuer, claims.sub), name: claims.name ?? upn, upn, groups: claims.groups };
}
