/** Maps an identity provider's claims to the person that the rest of Holdfast knows. */
import * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { canonicalName, GroupName, PersonId, PersonName } from '#protocol/names';
import { Name, Seconds, type User } from '#protocol/primitives';
import type { WorkspaceConfig } from '#protocol/service-config';
import { pairwiseSubject } from './subject.ts';

const GROUPS_MAX = 2_000;

export const Claims = v.looseObject({
  sub: PersonId,
  auth_time: v.optional(Seconds),
  name: v.optional(Name),
  preferred_username: v.optional(Name),
  email_verified: v.optional(v.unknown()),
});

export interface ClaimsOf {
  readonly tenantKey: string;
  readonly issuer: string;
  readonly claims: WorkspaceConfig['signIn']['claims'];
}

/**
 * Entitlements name people by `upn`, so only the configured claim gives it; `preferred_username` and an address of mail that nobody
 * verified are what people can edit themselves (OpenID Connect Core, 5.1 and 5.7), and only shown. Without that claim the subject
 * stands in its place, which no site document names. A group whose name is none is left out. Throws `untrusted_peer`.
 */
export function userOf(by: ClaimsOf, claims: v.InferOutput<typeof Claims>): User {
  const subject = pairwiseSubject(by.tenantKey, by.issuer, claims.sub);
  const upn = upnIn(by, claims);
  const groups = v.safeParse(v.optional(v.pipe(v.array(v.string()), v.maxLength(GROUPS_MAX)), []), claims[by.claims.groups]);
  if (!groups.success) throw new HoldfastError('untrusted_peer', { reason: 'claim', name: by.claims.groups });
  return {
    subject,
    id: claims.sub,
    name: claims.name ?? upn ?? claims.preferred_username ?? subject,
    upn: upn ?? subject,
    groups: groups.output.filter((group) => v.is(GroupName, group)),
  };
}

function upnIn({ claims: { upn: name } }: ClaimsOf, claims: v.InferOutput<typeof Claims>): string | undefined {
  const claimed = claims[name];
  if (claimed === undefined || (name === 'email' && claims.email_verified !== true)) return undefined;
  if (!v.is(PersonName, claimed)) throw new HoldfastError('untrusted_peer', { reason: 'claim', name });
  return canonicalName(claimed);
}
