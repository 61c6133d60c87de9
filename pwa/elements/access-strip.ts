/** Renders the access strip; its words come from `view/strip.ts`. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Actions } from '../app/actions.ts';
import type { Strip } from '../view/strip.ts';
import { glyph } from './glyphs.ts';

/** Its words are announced as they change, but not every step of a progress. */
export function accessStrip(strip: Strip, { reconnect, copyDetails }: Pick<Actions, 'reconnect' | 'copyDetails'>): TemplateResult {
  const { error } = strip;
  const running = strip.reconnect === 'running';
  return html`<section class="access ${strip.look}" aria-labelledby="access-title"><span class="badge ${strip.badge.kind}">${glyph(strip.badge.glyph)}</span>
    <div role="status"><h2 id="access-title">${strip.title}</h2><p aria-live=${strip.progress === undefined ? nothing : 'off'}>${strip.text}${
      strip.progress === undefined
        ? nothing
        : html`<progress max=${strip.progress.total} value=${strip.progress.done} aria-label="Access saved"></progress>`
    }</p></div>
    ${
      strip.reconnect === 'none'
        ? nothing
        : html`<button class="button main" type="button" aria-disabled=${running ? 'true' : nothing}
          @click=${running ? nothing : reconnect}>Reconnect to Workspace</button>`
    }
    ${
      error === undefined
        ? nothing
        : html`<button class="button small copy" type="button" @click=${() => copyDetails(error)}>Copy details</button>`
    }
    ${
      strip.evidence.length === 0
        ? nothing
        : html`<div class="more-line"><details><summary>${glyph('right')}What was tried</summary>
          <dl class="evidence">${strip.evidence.map(([hop, words]) => html`<dt>${hop}</dt><dd>${words}</dd>`)}</dl></details></div>`
    }</section>`;
}
