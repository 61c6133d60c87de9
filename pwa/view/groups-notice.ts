/** The notice to a person whose provider did not say which groups they are in. */
import type { AppState } from '../app/model.ts';
import type { Notice } from './notice.ts';

export function groupsNoticeOf({ session, groupsNoticeAway }: Pick<AppState, 'session' | 'groupsNoticeAway'>): readonly Notice[] {
  if (session === undefined || session.user.groups !== undefined || groupsNoticeAway) return [];
  const notice: Notice = {
    look: 'wait',
    again: [],
    title: 'Your sign-in didn’t say which groups you are in',
    text: 'Some of your apps and desktops may be missing. Access that is saved on this device stays. Tell your service desk.',
    away: { what: 'groups' },
  };
  return [notice];
}
