/** Whether a person is entitled to a resource, and by which name in the site document (B-I2, B-I8). */
import { isSameName } from '#protocol/names';
import type { PersonPart, User } from '#protocol/primitives';
import type { SiteResource } from '#protocol/site-document';
import { hasName } from './name-set.ts';
import { unknownOf } from './unknown.ts';

/** What decides about a person. */
export type Person = Pick<User, 'id' | 'upn' | 'groups'>;

/** `name`: the id, the user principal name or the group in the site document; `hangsOn`: what had to be known of the person. */
export interface Entitlement {
  readonly name: string;
  readonly hangsOn: readonly PersonPart[];
}

/** By what the person is entitled; undefined when nothing entitles them. Ids are compared byte by byte, names in their one form. */
export function entitlementOf({ entitled }: Pick<SiteResource, 'entitled'>, person: Person): Entitlement | undefined {
  const id = entitled.ids?.find((one) => one === person.id);
  if (id !== undefined) return { name: id, hangsOn: [] };
  const upn = entitled.users.find((one) => isSameName(one, person.upn));
  if (upn !== undefined) return { name: upn, hangsOn: ['name'] };
  const group = entitled.groups.find((one) => hasName(person.groups ?? [], one));
  return group === undefined ? undefined : { name: group, hangsOn: ['groups'] };
}

/** The session host assigned to this person, for a resource with assigned desktops. */
export function assignedSessionHostOf(resource: Pick<SiteResource, 'assigned'>, user: Pick<User, 'upn'>): string | undefined {
  return Object.entries(resource.assigned ?? {}).find(([name]) => isSameName(name, user.upn))?.[1];
}

/** Whether the resource could be this person's, if what their provider left out were known. */
export function isUndecided(
  { entitled, assigned }: Pick<SiteResource, 'entitled' | 'assigned'>,
  person: Parameters<typeof unknownOf>[0],
): boolean {
  const unknown = unknownOf(person);
  const byName = unknown.includes('name') && (entitled.users.length > 0 || assigned !== undefined);
  return byName || (unknown.includes('groups') && entitled.groups.length > 0);
}
