/** What the top bar says of the person and of running sessions. */
import type { RunningSession } from '#protocol/host';
import { clockTime, routeWords } from './words.ts';

/** Labels and what stands beside them (B-W12). */
export function sessionFacts(one: RunningSession): readonly (readonly [string, string])[] {
  return [
    ['Host', one.sessionHost],
    ['Location', one.location],
    ['Route', one.gateway === undefined ? routeWords(one.route) : `through ${one.gateway}`],
    ['Opened by', one.mode === 'lease' ? 'saved access (lease)' : 'the Workspace'],
    ['Since', clockTime(one.since)],
  ];
}

/** "MK" for Mara Keller: of the first and the last word of a name. */
export function initials(name: string): string {
  const words = name.split(/[\s,]+/u).filter((word) => word !== '');
  const picked = words.length > 1 ? [words[0], words.at(-1)] : words;
  return picked
    .map((word) => Array.from(word ?? '')[0] ?? '')
    .join('')
    .toUpperCase();
}
