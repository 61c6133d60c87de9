/** Names of what is kept in the browser, under the Workspace's origin. The number changes with the format. */
export const FEED_CACHE = 'holdfast-feeds-1';
/** whose lists may be kept; a cache of its own, so that it goes whole */
export const OWNER_CACHE = 'holdfast-owner-1';
export const OWNER_PLACE = '/kept';
export const ICON_CACHE = 'holdfast-icons-1';
/** in localStorage: who was signed in last */
export const SESSION_KEY = 'holdfast:session';

/** Where one feed of one person is kept. */
export function placeOf(subject: string, feed: string): string {
  return `/kept/${subject}/${feed}`;
}
