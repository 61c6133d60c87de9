/** One resource: a button stretched over its tile; kind and freshness are its description; "About NAME" lies above it. */
import { html, nothing, type TemplateResult } from 'lit';
import { isSameResource } from '#core/access/resource-key';
import type { RunningSession } from '#protocol/host';
import type { LaunchView } from '../view/launch.ts';
import type { Item } from '../view/list.ts';
import { clockTime, kindLine, type Note, noteOf, routeWords } from '../view/words.ts';
import { glyph, picture } from './glyphs.ts';

export interface TileWorld {
  readonly now: number;
  readonly launch: LaunchView | undefined;
  readonly sessions: readonly RunningSession[];
  /** the tile that the Tab key reaches in its group */
  readonly tabStop: boolean;
}

export function tile(item: Item, world: TileWorld): TemplateResult {
  const { resource, opens } = item;
  const id = `tile-${item.key}`;
  const opening = world.launch?.end === undefined && world.launch?.key === item.key;
  const running = world.sessions.find((session) => isSameResource(session.resource, item.ref));
  const note = opening ? openingNote(item, world.now) : running === undefined ? noteOf(opens, world.now) : runningNote(running);
  const dim = opens.can === 'not' && !opening;
  const waits = opens.can === 'wait' && !opening;
  const look = opening
    ? 'busy'
    : running !== undefined
      ? 'runs'
      : dim
        ? 'dim'
        : opens.can === 'open' && opens.by === 'lease'
          ? opens.soon
            ? 'soon'
            : 'opens'
          : '';
  const badge = dim && note?.badge !== undefined ? { glyph: note.badge } : undefined;
  return html`<li class="tile ${look}" data-key=${item.key}>${picture(resource, badge)}<button
      class="tile-open" type="button" tabindex=${world.tabStop ? 0 : -1}
      aria-disabled=${dim ? 'true' : nothing} aria-busy=${opening || waits ? 'true' : nothing}
      aria-describedby="${id}-kind${note !== undefined || waits ? ` ${id}-note` : ''}">${resource.name}</button>
    <p class="tile-kind" id="${id}-kind">${kindLine(resource)}</p><button
      class="icon-button" type="button" tabindex="-1" aria-label="About ${resource.name}" popovertarget="about">${glyph('more')}</button>
    ${note === undefined ? nothing : fresh(id, note)}${waits ? html`<span class="unseen" id="${id}-note">Checking whether it opens</span>` : nothing}</li>`;
}

function fresh(id: string, note: Note): TemplateResult {
  return html`<p class="fresh" id="${id}-note">${glyph(note.glyph)}<span><strong>${note.first}</strong></span><span>${note.second}</span></p>`;
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
