/** Whether a person is entitled to a resource, and by which name in the site document (B-I2, B-I8). */
import { isSameName } from '#protocol/names';
import type { User } from '#protocol/primitives';
import type { SiteResource } from '#protocol/site-document';
import { hasName } from './name-set.ts';

/**
 * The id, the user principal name or the group by which the person is entitled; undefined when nothing entitles them. Ids are
 * compared byte by byte, names in their one form.
 */
export function entitledBy({ entitled }: Pick<SiteResource, 'entitled'>, user: Pick<User, 'id' | 'upn' | 'groups'>): string | undefined {
  return (
    entitled.ids?.find((id) => id === user.id) ??
    entitled.users.find((name) => isSameName(name, user.upn)) ??
    entitled.groups.find((group) => hasName(user.groups, group))
  );
}

/** The session host assigned to this person, for a resource with assigned desktops. */
export function assignedSessionHostOf(resource: Pick<SiteResource, 'assigned'>, user: Pick<User, 'upn'>): string | undefined {
  return Object.entries(resource.assigned ?? {}).find(([name]) => isSameName(name, user.upn))?.[1];
}
