/** Whether a person is entitled to a resource, and by which name in the site document (B-I2, B-I8). */
import { isSameName } from '#protocol/names';
import type { PersonPart, User } from '#protocol/primitives';
import type { SiteResource } from '#protocol/site-document';
import { hasName } from './name-set.ts';
import { ofPerson } from './person-id.ts';
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

export type Assignments = Pick<SiteResource, 'assigned' | 'assignedIds'>;

/** `hangsOn`: what had to be known of the person. */
export interface Assignment {
  readonly sessionHost: string;
  readonly hangsOn: readonly PersonPart[];
}

/** Whether the resource is assigned desktops: each opens for its own person, and for nobody else. */
export function isAssigned({ assigned, assignedIds }: Assignments): boolean {
  return assigned !== undefined || assignedIds !== undefined;
}

/** The session host assigned to this person: by their id, which outlives every name, or by their name. */
export function assignmentOf({ assigned, assignedIds }: Assignments, { id, upn }: Pick<User, 'id' | 'upn'>): Assignment | undefined {
  const byId = ofPerson(assignedIds, id);
  if (byId !== undefined) return { sessionHost: byId, hangsOn: [] };
  const byName = Object.entries(assigned ?? {}).find(([name]) => isSameName(name, upn))?.[1];
  return byName === undefined ? undefined : { sessionHost: byName, hangsOn: ['name'] };
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
