/** What is not known of a person. */
import type { PersonPart, User } from '#protocol/primitives';

/** What their provider left out. That they are entitled to nothing by it is not known either: absent is not none. */
export function unknownOf({ subject, upn, groups }: Pick<User, 'subject' | 'upn' | 'groups'>): readonly PersonPart[] {
  return [...(upn === subject ? (['name'] as const) : []), ...(groups === undefined ? (['groups'] as const) : [])];
}
