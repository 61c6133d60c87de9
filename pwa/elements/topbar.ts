/** Name and state of the Workspace, search, running sessions, account. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Actions } from '../app/actions.ts';
import type { AppState } from '../app/model.ts';
import type { Theme } from '../bridges/local-storage.ts';
import { brandState } from '../view/strip.ts';
import { initials, sessionFacts } from '../view/topbar.ts';
import { glyph } from './glyphs.ts';

export interface TopbarActs extends Pick<Actions, 'search' | 'theme' | 'downloadLogs'> {
  readonly keys: () => void;
  readonly signOut: () => void;
}

export function topbar(state: AppState, acts: TopbarActs): TemplateResult {
  const brand = brandState(state);
  const { known } = state;
  return html`<header class="topbar ${known === undefined ? 'no-search' : ''}"><div>
    <div class="brand"><svg class="mark" aria-hidden="true"><use href="#mark"/></svg>
      <div><p class="brand-name">${known?.workspace.name ?? 'Workspace'}</p><span class="state ${brand.kind}">${brand.words}</span></div></div>
    ${known === undefined ? html`<span></span>` : search(state, acts)}
    <div class="top-end">${known === undefined ? nothing : sessions(state)}${known === undefined ? nothing : account(state, known.user, acts)}</div></div></header>`;
}

function search(state: AppState, acts: TopbarActs): TemplateResult {
  const typed = (event: Event): void => {
    if (event.target instanceof HTMLInputElement) acts.search(event.target.value);
  };
  return html`<label class="search"><span class="unseen">Search apps and desktops</span>${glyph('search')}<input type="search" placeholder="Search apps and desktops"
    aria-keyshortcuts=${state.singleKeys ? '/' : nothing} .value=${state.search} @input=${typed}>${
      state.singleKeys ? html`<span class="kbd" aria-hidden="true">/</span>` : nothing
    }</label>`;
}

function sessions({ sessions: running }: AppState): TemplateResult {
  const count = running.length;
  return html`<nav aria-label="Main"><button class="nav-link" type="button" popovertarget="running">${glyph('sessions')}<span class="word">Connection center</span>${
    count === 0
      ? nothing
      : html`<span class="count"><span class="unseen">, </span>${count}<span class="unseen"> running ${count === 1 ? 'session' : 'sessions'}</span></span>`
  }</button></nav>
    <div class="menu" popover id="running" role="group" aria-label="Running sessions">${
      count === 0
        ? html`<p class="menu-head">No session is running on this device.</p>`
        : html`<ul class="running" role="list">${running.map(session)}</ul>`
    }</div>`;
}

function session(one: AppState['sessions'][number]): TemplateResult {
  return html`<li><strong>${one.name}</strong><dl class="facts">${sessionFacts(one).map(([label, value]) => html`<dt>${label}</dt><dd>${value}</dd>`)}</dl></li>`;
}

const THEMES: readonly (readonly [Theme, string])[] = [
  ['system', 'System'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

function account(state: AppState, user: { readonly name: string; readonly upn: string }, acts: TopbarActs): TemplateResult {
  const letters = initials(user.name);
  return html`<button class="person" type="button" aria-label="${letters}, account of ${user.name}" popovertarget="account">${letters}</button>
    <div class="menu" popover id="account" role="group" aria-label="Account">
      <p class="menu-head"><strong>${user.name}</strong><span>${user.upn}</span></p>
      <div class="menu-part"><div class="choices three" role="radiogroup" aria-label="Theme">${THEMES.map(
        ([theme, name]) =>
          html`<label><input type="radio" name="theme" .checked=${state.theme === theme} @change=${() => acts.theme(theme)}><span>${name}</span></label>`,
      )}</div></div>
      <div class="menu-part"><button class="item" type="button" @click=${closing(acts.keys)}>Keyboard shortcuts${
        state.singleKeys ? html`<span class="kbd" aria-hidden="true">?</span>` : nothing
      }</button><button class="item" type="button" @click=${acts.downloadLogs}>Download logs</button></div>
      <div class="menu-part"><button class="item" type="button" @click=${closing(acts.signOut)}>Sign out</button></div></div>`;
}

/** Closes the menu first: a dialog would otherwise open below it. */
function closing(then: () => void): (event: Event) => void {
  return ({ currentTarget }) => {
    if (currentTarget instanceof HTMLElement) currentTarget.closest<HTMLElement>('[popover]')?.hidePopover();
    then();
  };
}
