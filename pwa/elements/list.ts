/** Filters, groups and tiles. Renders the first screen at once and the rest later; one tab stop per group. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Actions } from '../app/actions.ts';
import type { AppState } from '../app/model.ts';
import { filtersOf, nothingShown, tilesIn } from '../view/first-screen.ts';
import { countOf, firstOf, type Group, groupsOf, type Item } from '../view/list.ts';
import { tileOf } from '../view/tile.ts';
import { noteOf } from '../view/words.ts';
import { firstPicture } from './first-paint.ts';
import { roveKey } from './roving-focus.ts';
import { tile } from './tile.ts';

/** How long a press on a tile with an undecided state is kept. Milliseconds. */
const PRESS_MS = 5_000;
/** Tiles added per step after that. */
const PORTION = 240;
/** The rest is added within this, even if the browser is never idle. Milliseconds. */
const IDLE_MS = 300;

export class HoldfastList extends LitElement {
  static override properties = { state: { attribute: false }, items: { attribute: false } };
  declare state: AppState;
  declare items: readonly Item[];
  declare actions: Actions;
  /** opens "About"; the button anchors the popover */
  declare about: (item: Item, button: HTMLElement | undefined) => void;
  private limit = tilesIn(innerWidth, innerHeight);
  private growing = false;
  private early: { readonly key: string } | undefined;
  private readonly stops = new Map<string, string>();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { filter, search, favourites } = this.state;
    const groups = groupsOf(this.items, { filter, search, favourites });
    return html`${this.filters()}
      ${repeat(
        firstOf(groups, this.limit),
        (group) => group.key,
        (group) => this.group(group),
      )}
      ${groups.length === 0 ? html`<p class="nothing">${nothingShown(this.state, this.items)}</p>` : nothing}`;
  }

  private filters(): TemplateResult {
    return html`<div class="filters"><div class="as-one" role="group" aria-label="Show" @keydown=${this.roveFilters}>${filtersOf(
      this.state,
    ).map(([filter, name]) => {
      const on = this.state.filter === filter;
      return html`<button class="filter" type="button" aria-pressed=${on} tabindex=${on ? 0 : -1}
        @click=${() => this.actions.filter(filter)}>${name} <span>${countOf(this.items, filter)}</span></button>`;
    })}</div></div>`;
  }

  private group(group: Group): TemplateResult {
    const stop = group.items.some(({ key }) => key === this.stops.get(group.key)) ? this.stops.get(group.key) : group.items[0]?.key;
    const id = `group-${group.key.replace(/[^\w-]/gu, '-')}`;
    return html`<section class="group" aria-labelledby=${id}><h2 class="group-name" id=${id}>${group.name}</h2>
      <ul class="tiles" role="list" @click=${this.pressed} @keydown=${this.keyed} @focusin=${(event: Event) => this.keepStop(group.key, event)}>${repeat(
        group.items,
        ({ key }) => key,
        (item) => tile(item, tileOf(item, this.state), item.key === stop),
      )}</ul></section>`;
  }

  protected override updated(_changed: PropertyValues): void {
    if (this.early !== undefined) this.openRemembered();
    if (this.items.length <= this.limit || this.growing) return;
    // After the first paint, and then whenever the browser is idle.
    this.growing = true;
    void firstPicture().then(() => whenIdle(() => this.grow()));
  }

  private grow(): void {
    this.growing = false;
    this.limit += PORTION;
    this.requestUpdate();
  }

  private readonly pressed = (event: Event): void => {
    const found = this.itemAt(event);
    if (found === undefined) return;
    const { item, button } = found;
    if (button.classList.contains('icon-button')) this.about(item, undefined);
    else if (item.opens.can === 'open') this.actions.open(item);
    else if (item.opens.can === 'not') this.about(item, button);
    else this.remember(item);
  };

  private readonly keyed = (event: KeyboardEvent): void => {
    const found = this.itemAt(event);
    if (found === undefined) return;
    if (event.key === 'Enter' && event.shiftKey) {
      event.preventDefault();
      this.about(found.item, found.button);
    } else if (event.currentTarget instanceof HTMLElement)
      roveKey(event, [...event.currentTarget.querySelectorAll<HTMLElement>('.tile-open')]);
  };

  private readonly roveFilters = (event: KeyboardEvent): void => {
    if (event.currentTarget instanceof HTMLElement) roveKey(event, [...event.currentTarget.querySelectorAll<HTMLElement>('.filter')]);
  };

  /** Pressed before its state is known: the press takes effect as soon as it is. */
  private remember(item: Item): void {
    this.actions.say(`Checking whether ${item.resource.name} opens`);
    const early = { key: item.key };
    this.early = early;
    setTimeout(() => {
      if (this.early === early) this.early = undefined;
    }, PRESS_MS);
  }

  private openRemembered(): void {
    const item = this.items.find(({ key }) => key === this.early?.key);
    if (item === undefined || item.opens.can === 'wait') return;
    this.early = undefined;
    if (item.opens.can === 'open') this.actions.open(item);
    else this.actions.say(`${item.resource.name}: ${noteOf(item.opens, this.state.now)?.first ?? ''}`);
  }

  private keepStop(group: string, event: Event): void {
    const item = this.itemAt(event)?.item;
    if (item === undefined || this.stops.get(group) === item.key) return;
    this.stops.set(group, item.key);
    this.requestUpdate();
  }

  private itemAt(event: Event): { readonly item: Item; readonly button: HTMLElement } | undefined {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>('.tile-open, .icon-button') : null;
    const key = button?.closest<HTMLElement>('.tile')?.dataset['key'];
    const item = this.items.find((one) => one.key === key);
    return button === null || item === undefined ? undefined : { item, button };
  }
}
customElements.define('holdfast-list', HoldfastList);

function whenIdle(run: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(run, { timeout: IDLE_MS });
  else setTimeout(run);
}
