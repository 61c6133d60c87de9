/** The whole page: top bar, strip, list, sources, panels; and the keys that work everywhere. */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Actions } from '../app/actions.ts';
import type { AppState } from '../app/model.ts';
import { itemsOf } from '../view/circumstances.ts';
import { gateOf } from '../view/gate.ts';
import type { Item } from '../view/list.ts';
import { signOutWords } from '../view/sign-out.ts';
import { sourceWords, stripOf } from '../view/strip.ts';
import { drawAbout } from './about.ts';
import { accessStrip } from './access-strip.ts';
import { gate } from './gate.ts';
import './launch-panel.ts';
import { keyList, signOutQuestion } from './dialogs.ts';
import { type HoldStill, keepStill } from './hold-still.ts';
import { HoldfastList } from './list.ts';
import { noticeStrip } from './notice.ts';
import { topbar } from './topbar.ts';

export class HoldfastPortal extends LitElement {
  static override properties = { state: { attribute: false } };
  declare state: AppState | undefined;
  declare actions: Actions;
  private here: AbortController | undefined;
  private holdStill: HoldStill | undefined;
  private drawn: (() => void) | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.here = new AbortController();
    this.holdStill = keepStill(this, this.here.signal);
    document.addEventListener('keydown', this.keyed, { signal: this.here.signal });
  }

  override disconnectedCallback(): void {
    this.here?.abort();
    super.disconnectedCallback();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    // The person started the search: show the results from the top.
    this.drawn = changed.get('state')?.search === this.state?.search ? this.holdStill?.() : undefined;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { state, actions } = this;
    if (state === undefined) return nothing;
    const acts = {
      ...actions,
      keys: () => this.ask('keys'),
      signOut: () => this.ask('sign-out'),
    };
    const instead = gateOf(state);
    return html`<a class="skip" href="#main">Skip to the list</a>${topbar(state, acts)}
      <main class="page" id="main" tabindex="-1">${instead === undefined ? this.list(state) : gate(instead, actions)}</main>
      <div class="about" popover id="about" role="group" aria-labelledby="about-name"></div>
      ${signOutQuestion(signOutWords(state), actions.signOut)}${keyList(state.singleKeys, actions.singleKeys)}
      <p class="unseen" role="status">${state.said}</p>`;
  }

  protected override updated(_changed: PropertyValues): void {
    const theme = this.state?.theme ?? 'system';
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
    const name = this.state?.known?.workspace.name;
    if (name !== undefined && document.title !== name) document.title = name;
    const { drawn } = this;
    const list = this.querySelector('holdfast-list');
    if (drawn !== undefined && list instanceof HoldfastList) void list.updateComplete.then(drawn);
  }

  private list(state: AppState): TemplateResult {
    const items = itemsOf(state);
    const { actions } = this;
    const launched = items.find(({ key }) => key === state.launch?.key);
    return html`<h1 class="unseen">Apps and desktops</h1>
      ${accessStrip(stripOf(state, items), actions)}
      ${state.notices?.(state, items).map((notice) => noticeStrip(notice, actions))}
      <holdfast-list .state=${state} .items=${items} .actions=${actions} .about=${this.about}></holdfast-list>
      <section class="sources" aria-labelledby="sources"><h2 id="sources">Sources</h2><ul role="list">${state.known?.feeds.map(
        ({ id, name }) => {
          const feed = state.feeds.get(id);
          const said = feed === undefined ? undefined : sourceWords(state, feed);
          return html`<li>${name}${said === undefined ? nothing : html`<span class="state ${said.kind}">${said.words}</span>`}</li>`;
        },
      )}</ul></section>
      <holdfast-launch .launch=${state.launch} .item=${launched} .now=${state.now} .words=${state.words} .offline=${state.portal.is === 'offline'} .actions=${actions}></holdfast-launch>`;
  }

  /** Fills the popover. Without `button`, the browser's popover target opens it right after. */
  private readonly about = (item: Item, button: HTMLElement | undefined): void => {
    const popover = this.querySelector<HTMLElement>('#about');
    if (popover === null || this.state === undefined) return;
    drawAbout(popover, item, this.state, this.actions);
    if (button !== undefined) popover.showPopover({ source: button });
  };

  private ask(id: 'keys' | 'sign-out'): void {
    const dialog = this.querySelector<HTMLDialogElement>(`#${id}`);
    if (dialog === null || dialog.open) return;
    dialog.showModal();
    dialog.querySelector<HTMLElement>('h2')?.focus();
  }

  private readonly keyed = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'F6') {
      event.preventDefault();
      this.nextPart(event.shiftKey ? -1 : 1);
      return;
    }
    const typing = event.target instanceof HTMLInputElement && event.target.type !== 'radio' && event.target.type !== 'checkbox';
    if (event.key === 'Escape' && typing && this.state?.search !== '') this.actions.search('');
    if (typing || this.state?.singleKeys !== true) return;
    if (event.key === '/') {
      event.preventDefault();
      this.querySelector<HTMLElement>('.search input')?.focus();
    } else if (event.key === '?') this.ask('keys');
  };

  /** F6: strip, list, panel, in a cycle. */
  private nextPart(by: 1 | -1): void {
    const parts = ['.access :is(button, summary)', '.tile-open[tabindex="0"]', 'dialog.panel #launch-title'].flatMap(
      (where) => this.querySelector<HTMLElement>(where) ?? [],
    );
    const scopes = parts.map((part) => part.closest('.access, holdfast-list, dialog.panel'));
    const at = scopes.findIndex((scope) => scope?.contains(document.activeElement));
    const from = at < 0 && by < 0 ? 0 : at;
    parts[(from + by + parts.length) % parts.length]?.focus();
  }
}
customElements.define('holdfast-portal', HoldfastPortal);
