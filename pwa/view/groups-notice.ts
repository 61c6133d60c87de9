/** Tells a person that their provider sent no groups. */
import type { AppState } from '../app/model.ts';
import type { Notice } from './notice.ts';

export function groupsNoticeOf({ session, groupsNoticeAway }: Pick<AppState, 'session' | 'groupsNoticeAway'>): readonly Notice[] {
  if (session === undefined || session.user.groups !== undefined || groupsNoticeAway) return [];
  const notice: Notice = {
    look: 'wait',
    again: [],
    title: 'Your groups couldn’t be read at sign-in',
    text: 'Some of your apps and desktops may be missing. Access that is saved on this device stays. Tell your service desk.',
    away: { what: 'groups' },
  };
  return [notice];
}
