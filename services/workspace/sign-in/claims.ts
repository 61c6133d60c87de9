/** Maps an identity provider's claims to the person that the rest of Holdfast knows. */
import * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { canonicalName, GroupName, PersonId, PersonName } from '#protocol/names';
import { GROUPS_MAX, NAME_MAX, Seconds, type User } from '#protocol/primitives';
import type { WorkspaceConfig } from '#protocol/service-config';
import { pairwiseSubject } from './subject.ts';

/** What a sign-in is not possible without is judged here; everything else is the provider's own business, and read as it comes. */
export const Claims = v.looseObject({
  sub: PersonId,
  /** one that is no time counts as not said */
  auth_time: v.fallback(v.optional(Seconds), undefined),
});
export type Claims = v.InferOutput<typeof Claims>;
/** claims as they come, at any depth */
export type Said = Readonly<Record<string, unknown>>;

export interface ClaimsOf {
  readonly tenantKey: string;
  readonly issuer: string;
  readonly claims: WorkspaceConfig['signIn']['claims'];
}

/**
 * Why a person's groups are not known: the provider did not say them, says them elsewhere (distributed claims, as for people in very many),
 * or said something that is no list of groups, or more of them than we take.
 */
export type GroupsFault = 'absent' | 'elsewhere' | 'unreadable' | 'too-many';

export interface Mapped {
  readonly user: User;
  /** where `user` has no groups */
  readonly groupsFault?: GroupsFault;
}

/**
 * Entitlements name people by `upn`, so only the configured claim gives it; `preferred_username` and an address of mail that nobody
 * verified are what people can edit themselves (OpenID Connect Core, 5.1 and 5.7), and only shown. Without that claim the subject
 * stands in its place, which no site document names. Throws `untrusted_peer`.
 */
export function personOf(by: ClaimsOf, claims: Claims): Mapped {
  const subject = pairwiseSubject(by.tenantKey, by.issuer, claims.sub);
  const upn = upnIn(by, claims);
  const groups = groupsIn(by, claims);
  const user = {
    subject,
    id: claims.sub,
    name: shown(claims['name']) ?? upn ?? shown(claims['preferred_username']) ?? subject,
    upn: upn ?? subject,
  };
  return typeof groups === 'string' ? { user, groupsFault: groups } : { user: { ...user, groups: [...groups] } };
}

function upnIn({ claims: { upn: name } }: ClaimsOf, claims: Claims): string | undefined {
  const claimed = textOf(claimAt(claims, name));
  if (claimed === undefined || (name === 'email' && claims['email_verified'] !== true)) return undefined;
  if (!v.is(PersonName, claimed)) throw new HoldfastError('untrusted_peer', { reason: 'claim', name });
  return canonicalName(claimed);
}

/**
 * A list is all there are, and one text is one group. What no site document could name (too long, invisible characters) is left out; what is
 * no text at all, or may be several in one, could be any group.
 */
function groupsIn({ claims: { groups: name, absentGroups } }: ClaimsOf, claims: Claims): readonly string[] | GroupsFault {
  if (name === false) return [];
  if (isElsewhere(claims, name)) return 'elsewhere';
  if (!isSaid(claims, name)) return absentGroups === 'none' ? [] : 'absent';
  const claimed = claimAt(claims, name);
  const said = Array.isArray(claimed) ? claimed.map(textOf) : [oneGroup(textOf(claimed))];
  if (said.length > GROUPS_MAX) return 'too-many';
  if (said.includes(undefined)) return 'unreadable';
  return said.filter((group) => v.is(GroupName, group));
}

/** A distinguished name has commas, and is one. */
function oneGroup(text: string | undefined): string | undefined {
  return text === undefined || text.includes(';') || (text.includes(',') && !text.includes('=')) ? undefined : text;
}

/** Whether the claim is there with a value, and not to be had elsewhere. */
export function isSaid(claims: Said, name: string): boolean {
  const claimed = claimAt(claims, name);
  return claimed !== undefined && claimed !== null && claimed !== '' && !isElsewhere(claims, name);
}

/** The claims without which a person would be less than they are. */
export function wantedOf({ upn, groups }: ClaimsOf['claims']): readonly string[] {
  return ['name', upn, ...(upn === 'email' ? ['email_verified'] : []), ...(groups === false ? [] : [groups])];
}

/** What a provider is asked for by name: a claim at a path comes with what it lies in. */
export function askedFor(wanted: readonly string[]): readonly string[] {
  return [...new Set(wanted.flatMap((name) => [name, ...stepsInto(name).map(([outer]) => outer)]))];
}

/** OpenID Connect Core, 5.6.2: the claim, or what it lies in, is to be fetched from another place, which we don't. */
function isElsewhere(claims: Said, name: string): boolean {
  const names = claims['_claim_names'];
  return isObject(names) && [name, ...stepsInto(name).map(([outer]) => outer)].some((one) => Object.hasOwn(names, one));
}

/**
 * The claim of this name; or, where there is none, what lies at the name as a path: `realm_access.roles` is `roles` in `realm_access`. Names may
 * have dots themselves (`https://contoso.example/roles`), so the longest that there is counts.
 */
export function claimAt(claims: Said, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  for (const [outer, inner] of stepsInto(name)) {
    const within = Object.hasOwn(claims, outer) ? claims[outer] : undefined;
    const found = isObject(within) ? claimAt(within, inner) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `a.b.c` as `a.b` and `c`, then as `a` and `b.c`. */
function stepsInto(name: string): readonly (readonly [outer: string, inner: string])[] {
  const parts = name.split('.');
  return parts
    .slice(1)
    .map((_, index) => [parts.slice(0, index + 1).join('.'), parts.slice(index + 1).join('.')] as const)
    .reverse();
}

function isObject(value: unknown): value is Said {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A claim that is a name, or a number by which something is called; undefined when it is neither. Providers write null or an empty text where
 * they should leave a claim out (OpenID Connect Core, 5.3.2).
 */
function textOf(claimed: unknown): string | undefined {
  if (typeof claimed === 'number' && Number.isSafeInteger(claimed)) return String(claimed);
  return typeof claimed === 'string' && claimed !== '' ? claimed : undefined;
}

/** A claim as a name to show: one line of text, shortened where it is too long. */
function shown(claimed: unknown): string | undefined {
  const line = textOf(claimed)
    ?.replace(/[\p{Cc}\p{Zs}]+/gu, ' ')
    .trim();
  if (line === undefined || line === '') return undefined;
  return line.length <= NAME_MAX ? line : `${line.slice(0, NAME_MAX - 1).replace(/\p{Cs}$/u, '')}…`;
}
