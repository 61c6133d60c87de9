/** "About NAME": details of one resource, on demand. One popover for all tiles, anchored to the pressed button. */
import { html, render, type TemplateResult } from 'lit';
import type { Actions } from '../app/actions.ts';
import type { AppState } from '../app/model.ts';
import { aboutOf } from '../view/about.ts';
import type { Item } from '../view/list.ts';
import { kindLine } from '../view/words.ts';
import { picture } from './glyphs.ts';

export function drawAbout(into: HTMLElement, item: Item, state: AppState, actions: Actions): void {
  render(
    about(item, state, actions, () => into.hidePopover()),
    into,
  );
}

function about(item: Item, state: AppState, actions: Actions, close: () => void): TemplateResult {
  const { resource } = item;
  const favourite = state.favourites.has(item.key);
  const toggle = (): void => {
    actions.favourite(item.key);
    close();
  };
  return html`<div class="panel-head">${picture(resource)}<div><h3 id="about-name">${resource.name}</h3><p>${kindLine(resource)}</p></div></div>
    <dl class="facts">${aboutOf(item, state).map(([label, value]) => html`<dt>${label}</dt><dd>${value}</dd>`)}</dl>
    <div class="menu-part"><button class="item" type="button" @click=${toggle}>${favourite ? 'Remove from favourites' : 'Add to favourites'}</button></div>`;
}
