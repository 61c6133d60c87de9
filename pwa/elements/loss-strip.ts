/** Renders the strip of a lost location; its words come from `view/loss-strip.ts`. */
import { html, type TemplateResult } from 'lit';
import type { Actions } from '../app/portal.ts';
import type { LossStrip } from '../view/loss-strip.ts';
import { glyph } from './glyphs.ts';

export function lossStrip({ location, look, title, text, again }: LossStrip, actions: Pick<Actions, 'open' | 'putAway'>): TemplateResult {
  const id = `loss-${location}`;
  return html`<section class="access ${look}" aria-labelledby="${id}-title"><span class="badge ${look === 'wait' ? 'wait' : ''}">${glyph(
    look === 'wait' ? 'cloud' : 'tick',
  )}</span>
    <div role="status"><h2 id="${id}-title">${title}</h2><p>${text}</p></div>
    <span class="end">${again.map(
      (item) => html`<button class="button" type="button" @click=${() => actions.open(item)}>Open ${item.resource.name} again</button>`,
    )}<button class="button plain" type="button" @click=${() => actions.putAway(location)}>Put away<span class="unseen">: ${title}</span></button></span></section>`;
}
