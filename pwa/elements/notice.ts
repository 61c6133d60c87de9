/** Renders a notice; its words come from `view/notice.ts`. */
import { html, type TemplateResult } from 'lit';
import type { Actions } from '../app/actions.ts';
import type { Notice } from '../view/notice.ts';
import { glyph } from './glyphs.ts';

export function noticeStrip(
  { look, title, text, again, away }: Notice,
  { open, putAway }: Pick<Actions, 'open' | 'putAway'>,
): TemplateResult {
  return html`<section class="access ${look}" aria-label=${title}><span class="badge">${glyph('clock')}</span>
    <div role="status"><h2>${title}</h2><p>${text}</p></div>
    <span class="end">${again.map((item) => html`<button class="button" type="button" @click=${() => open(item)}>Open ${item.resource.name} again</button>`)}<button
      class="button" type="button" @click=${() => putAway(away)}>Put away</button></span></section>`;
}
