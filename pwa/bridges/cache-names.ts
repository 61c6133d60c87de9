/** Cache Storage of the Workspace's origin. The number changes with the shape of what is kept. */
export const FEED_CACHE = 'holdfast-feeds-1';
export const ICON_CACHE = 'holdfast-icons-1';

/** Where one feed of one person is kept. */
export function placeOf(subject: string, feed: string): string {
  return `/kept/${subject}/${feed}`;
}
