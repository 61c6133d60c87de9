/** Times, causes and reasons in plain words: the only place for them. */

import type { DimReason, Openable } from '#core/access/openable';
import type { Cause } from '#protocol/causes';
import type { FeedResource } from '#protocol/feed';
import type { Reachability, Refusal } from '#protocol/host';
import type { Route } from '#protocol/primitives';
import { causes } from '#protocol/words/language';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The two largest units: "6 d 4 h", "4 h 7 min", "3 min". Milliseconds in. */
export function span(ms: number): string {
  const left = Math.max(0, ms);
  if (left >= DAY) return units([Math.floor(left / DAY), 'd'], [Math.floor((left % DAY) / HOUR), 'h']);
  if (left >= HOUR) return units([Math.floor(left / HOUR), 'h'], [Math.floor((left % HOUR) / MINUTE), 'min']);
  return `${Math.floor(left / MINUTE)} min`;
}

function units(large: readonly [number, string], small: readonly [number, string]): string {
  return small[0] === 0 ? `${large[0]} ${large[1]}` : `${large[0]} ${large[1]} ${small[0]} ${small[1]}`;
}

/** How long "just now" is true. */
export const JUST_NOW_MS = 5_000;

/** "just now", "less than 1 min ago", "3 min ago" */
export function ago(at: number, now: number): string {
  if (now - at < JUST_NOW_MS) return 'just now';
  return now - at < MINUTE ? 'less than 1 min ago' : `${span(now - at)} ago`;
}

// Without Intl.DateTimeFormat: creating one would delay the first paint by 5 ms.
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sept', 'Oct', 'Nov', 'Dec'];

/** "10:42" in the person's own time zone */
export function clockTime(at: number): string {
  const time = new Date(at);
  return [time.getHours(), time.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':');
}

/** "10:42" today, "Wed 26 Nov, 15:05" on another day */
export function when(at: number, now: number): string {
  return sameDay(at, now) ? clockTime(at) : fullTime(at);
}

/** "today, 10:50", "Wed 26 Nov, 15:05" */
export function dated(at: number, now: number): string {
  return sameDay(at, now) ? `today, ${clockTime(at)}` : fullTime(at);
}

function fullTime(at: number): string {
  const time = new Date(at);
  // No line break within the date.
  const day = [WEEKDAYS[time.getDay()], time.getDate(), MONTHS[time.getMonth()]].join('\u00a0');
  return `${day}, ${clockTime(at)}`;
}

function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

/** "App · Zurich", "SSH · Zurich", "Web app" */
export function kindLine(resource: FeedResource): string {
  if (resource.kind === 'web') return 'Web app';
  const kind = resource.protocol === 'ssh' ? 'SSH' : resource.kind === 'app' ? 'App' : 'Desktop';
  return [kind, resource.locations[0]?.name].filter((part) => part !== undefined).join(' · ');
}

/** A cause as the predicate of "The Workspace ...": "timed out". */
export function causeWords(cause: Cause): string {
  return causes[cause];
}

export type Glyph = 'check' | 'clock' | 'ring' | 'no' | 'turn' | 'play';
export type Badge = 'key' | 'clock' | 'globe' | 'location' | 'lock' | 'no';
/** A tile's note: its state, then what it means or what changes it. */
export interface Note {
  readonly glyph: Glyph;
  readonly badge?: Badge;
  readonly first: string;
  readonly second: string;
}

/** A tile's note. undefined when it is live: freshness is then in "About". */
export function noteOf(opens: Openable, now: number): Note | undefined {
  switch (opens.can) {
    case 'wait':
      return undefined;
    case 'not':
      return reasonNote(opens.reason, now);
    case 'open': {
      if (opens.by === 'web') return undefined;
      if (opens.by === 'workspace') return opens.silent === undefined ? undefined : silentNote(opens.silent, now);
      const left = `Opens offline · lease ${span(opens.lease.exp * 1_000 - now)} left`;
      const glyph = opens.soon ? 'clock' : opens.path === undefined ? 'ring' : 'check';
      return { glyph, first: left, second: pathNote(opens.path, now) };
    }
  }
}

function silentNote({ name, checkedAt }: Reachability, now: number): Note {
  const checked = checkedAt === undefined ? 'looks again by itself' : `checked ${ago(checkedAt, now)}`;
  return { glyph: 'no', first: `${name} can’t be reached`, second: checked };
}

function pathNote(path: Reachability | undefined, now: number): string {
  if (path === undefined) return 'not checked yet';
  const checked = path.checkedAt === undefined ? 'checked' : `checked ${ago(path.checkedAt, now)}`;
  return path.route === undefined ? checked : `${checked} · ${routeWords(path.route)}`;
}

export function routeWords(route: Route): string {
  return route === 'direct' ? 'direct' : 'through a gateway';
}

function reasonNote(reason: DimReason, now: number): Note {
  switch (reason.why) {
    case 'no-lease':
      return { glyph: 'no', badge: 'key', first: 'No saved access on this device', second: 'Saved at your next sign-in' };
    case 'lease-ended':
      return {
        glyph: 'no',
        badge: 'clock',
        first: `Saved access ended ${dated(reason.endedAt, now)}`,
        second: 'Renewed at your next sign-in',
      };
    case 'lease-unusable':
      return {
        glyph: 'no',
        badge: 'key',
        first: 'Saved access can’t be used',
        second: `Error ${reason.code ?? 3002} · renewed at your next sign-in`,
      };
    case 'denied':
      return {
        glyph: 'no',
        badge: 'lock',
        first: 'Refused by the Workspace',
        second: `Error ${reason.code} · ask your service desk`,
      };
    case 'refused':
      return refusalNote(reason.refusal, now);
    case 'blocked':
      return { glyph: 'no', badge: 'lock', first: 'Blocked by your administrator', second: `Error ${reason.code}` };
    case 'web':
      return { glyph: 'no', badge: 'globe', first: 'Web app, needs the internet', second: 'Not covered by saved access' };
    case 'unreachable':
      return {
        glyph: 'no',
        badge: 'location',
        first: `${reason.location.name} can’t be reached`,
        second: `Access is saved, ${span(reason.lease.exp * 1_000 - now)} left`,
      };
    case 'not-leasable':
      return { glyph: 'no', badge: 'lock', first: 'Not allowed offline', second: 'Set by your administrator' };
    case 'no-extension':
      return { glyph: 'no', badge: 'no', first: 'Needs the Holdfast extension', second: 'Install it, then reload this page' };
    case 'no-host':
      return { glyph: 'no', badge: 'no', first: 'Needs the Holdfast host', second: 'It does not answer on this device' };
  }
}

/** What the location said, and when. */
function refusalNote({ name, error, at }: Refusal, now: number): Note {
  const first = REFUSALS[error.reason ?? '']?.(name) ?? (error.code === 3022 ? `Refused by ${name}` : `${name} can’t open it`);
  const then = error.code === 3022 ? 'ask your service desk' : `asked ${ago(at, now)}`;
  return { glyph: 'no', badge: error.code === 3022 ? 'lock' : 'location', first, second: `Error ${error.code} · ${then}` };
}

/** By the reason of 3021. */
const REFUSALS: Readonly<Record<string, (name: string) => string>> = {
  full: (name) => `${name} is full`,
  'no-connector': (name) => `${name} can’t be reached`,
  'connector-silent': (name) => `${name} can’t be reached`,
  'not-registered': (name) => `No server for it answers in ${name}`,
  'host-silent': (name) => `No server for it answers in ${name}`,
  'host-off': (name) => `Its server in ${name} is off`,
};
