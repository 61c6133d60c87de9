/** Whether a person is entitled to a resource, and by which name in the site document (B-I2). */
import type { User } from '#protocol/primitives';
import type { SiteResource } from '#protocol/site-document';

/**
 * The user principal name or the group by which the person is entitled; undefined when nothing entitles them.
 * User principal names are compared case-insensitively, as directories do; group names exactly.
 */
export function entitledBy(resource: Pick<SiteResource, 'entitled'>, user: Pick<User, 'upn' | 'groups'>): string | undefined {
  const upn = user.upn.toLowerCase();
  return (
    resource.entitled.users.find((name) => name.toLowerCase() === upn) ??
    resource.entitled.groups.find((group) => user.groups.includes(group))
  );
}

/** The session host assigned to this person, for a resource with assigned desktops. */
export function assignedSessionHostOf(resource: Pick<SiteResource, 'assigned'>, user: Pick<User, 'upn'>): string | undefined {
  const upn = user.upn.toLowerCase();
  return Object.entries(resource.assigned ?? {}).find(([name]) => name.toLowerCase() === upn)?.[1];
}
