/** How one resource's tile looks, and its note. */
import { isSameResource } from '#core/access/resource-key';
import type { RunningSession } from '#protocol/host';
import type { LaunchView } from './launch.ts';
import type { Item } from './list.ts';
import { type Badge, clockTime, type Note, noteOf, routeWords } from './words.ts';

export interface TileView {
  /** `''`: opens by the Workspace, or is not known yet */
  readonly look: '' | 'busy' | 'runs' | 'dim' | 'soon' | 'opens';
  readonly note: Note | undefined;
  /** over the picture of a dimmed one */
  readonly badge: Badge | undefined;
  /** whether it opens is not known yet */
  readonly waits: boolean;
}

export interface TileWorld {
  readonly now: number;
  readonly launch: LaunchView | undefined;
  readonly sessions: readonly RunningSession[];
}

export function tileOf(item: Item, { now, launch, sessions }: TileWorld): TileView {
  const { opens } = item;
  if (launch?.end === undefined && launch?.key === item.key)
    return { look: 'busy', note: openingNote(item, now), badge: undefined, waits: false };
  const running = sessions.find((session) => isSameResource(session.resource, item.ref));
  const note = running === undefined ? noteOf(opens, now) : runningNote(running);
  return {
    look: running === undefined ? lookOf(item) : 'runs',
    note,
    badge: opens.can === 'not' ? note?.badge : undefined,
    waits: opens.can === 'wait',
  };
}

function lookOf({ opens }: Item): TileView['look'] {
  if (opens.can === 'not') return 'dim';
  if (opens.can !== 'open' || opens.by !== 'lease') return '';
  return opens.soon ? 'soon' : 'opens';
}

function openingNote(item: Item, now: number): Note {
  const lease = noteOf(item.opens, now);
  const route = item.opens.can === 'open' && item.opens.by === 'lease' ? item.opens.path?.route : undefined;
  const left = lease === undefined ? 'by the Workspace' : lease.first.replace('Opens offline · ', '');
  const second = route === undefined ? left : `${left} · ${routeWords(route)}`;
  return { glyph: 'turn', first: 'Opening now', second };
}

function runningNote(session: RunningSession): Note {
  return {
    glyph: 'play',
    first: `Running on ${session.sessionHost}`,
    second: `since ${clockTime(session.since)} · opens another window`,
  };
}
