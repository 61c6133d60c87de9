/** The two modal dialogs: signing out, and the list of keys. */
import { html, type TemplateResult } from 'lit';
import type { SignOutWords } from '../view/sign-out.ts';

const close = (event: Event): void => {
  if (event.currentTarget instanceof HTMLElement) event.currentTarget.closest('dialog')?.close();
};

export function signOutQuestion({ title, text }: SignOutWords, signOut: () => void): TemplateResult {
  const go = (event: Event): void => {
    close(event);
    signOut();
  };
  return html`<dialog class="ask" id="sign-out" aria-labelledby="sign-out-title" aria-describedby="sign-out-told">
    <div class="told"><h2 id="sign-out-title" tabindex="-1">${title}</h2>
      <p class="quiet" id="sign-out-told">${text}</p></div>
    <div class="acts"><button class="button small main" type="button" @click=${close}>Cancel</button><button class="button small" type="button" @click=${go}>Sign out</button></div></dialog>`;
}

const KEYS: readonly (readonly [string, string])[] = [
  ['Search', '/'],
  ['This list', '?'],
  ['Move in a group', 'Arrows, Home, End'],
  ['Open', 'Enter, Space'],
  ['About', 'Shift+Enter'],
  ['Strip, list, panel', 'F6'],
  ['Close; cancel a launch', 'Esc'],
];

export function keyList(singleKeys: boolean, set: (on: boolean) => void): TemplateResult {
  const switched = (event: Event): void => {
    if (event.target instanceof HTMLInputElement) set(event.target.checked);
  };
  return html`<dialog class="ask" id="keys" aria-labelledby="keys-title">
    <h2 id="keys-title" tabindex="-1">Keyboard shortcuts</h2>
    <dl class="facts keys">${KEYS.map(([what, keys]) => html`<dt>${what}</dt><dd>${keys.length === 1 && !singleKeys ? html`<s>${keys}</s>` : keys}</dd>`)}</dl>
    <label class="row">Single-key shortcuts on<input class="switch" type="checkbox" role="switch" .checked=${singleKeys} @change=${switched}></label>
    <div class="acts"><button class="button small" type="button" @click=${close}>Close</button></div></dialog>`;
}
