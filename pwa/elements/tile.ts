/** One resource: a button stretched over its tile; kind and freshness are its description; "About NAME" lies above it. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Item } from '../view/list.ts';
import type { TileView } from '../view/tile.ts';
import { kindLine, type Note } from '../view/words.ts';
import { glyph, picture } from './glyphs.ts';

/** `tabStop`: the tile that the Tab key reaches in its group. */
export function tile({ key, resource, opens }: Item, { look, note, badge, waits }: TileView, tabStop: boolean): TemplateResult {
  const id = `tile-${key}`;
  const dim = opens.can === 'not' && look !== 'busy';
  return html`<li class="tile ${look}" data-key=${key}>${picture(resource, badge && { glyph: badge })}<button
      class="tile-open" type="button" tabindex=${tabStop ? 0 : -1}
      aria-disabled=${dim ? 'true' : nothing} aria-busy=${look === 'busy' || waits ? 'true' : nothing}
      aria-describedby="${id}-kind${note !== undefined || waits ? ` ${id}-note` : ''}">${resource.name}</button>
    <p class="tile-kind" id="${id}-kind">${kindLine(resource)}</p><button
      class="icon-button" type="button" tabindex="-1" aria-label="About ${resource.name}" popovertarget="about">${glyph('more')}</button>
    ${note === undefined ? nothing : fresh(id, note)}${waits ? html`<span class="unseen" id="${id}-note">Checking whether it opens</span>` : nothing}</li>`;
}

function fresh(id: string, note: Note): TemplateResult {
  return html`<p class="fresh" id="${id}-note">${glyph(note.glyph)}<span><strong>${note.first}</strong></span><span>${note.second}</span></p>`;
}
