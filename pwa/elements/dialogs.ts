/** The two modal dialogs: signing out, and the list of keys. */
import { html, type TemplateResult } from 'lit';

const close = (event: Event): void => {
  if (event.currentTarget instanceof HTMLElement) event.currentTarget.closest('dialog')?.close();
};

/** What a sign-out deletes: shown before (B-W10). */
export type SignOutCost = 'nothing-saved' | 'leases-deleted' | 'leases-kept';

export function signOutQuestion(cost: SignOutCost, outage: boolean, signOut: () => void): TemplateResult {
  const go = (event: Event): void => {
    close(event);
    signOut();
  };
  return html`<dialog class="ask" id="sign-out" aria-labelledby="sign-out-title" aria-describedby="sign-out-told">
    <div class="told"><h2 id="sign-out-title" tabindex="-1">${outage ? 'Sign out during the outage?' : 'Sign out?'}</h2>
      <p class="quiet" id="sign-out-told">${(outage ? OUTAGE_COST : COST)[cost]}</p></div>
    <div class="acts"><button class="button small main" type="button" @click=${close}>Cancel</button><button class="button small" type="button" @click=${go}>Sign out</button></div></dialog>`;
}

type Costs = Readonly<Record<SignOutCost, string>>;
const COST: Costs = {
  'leases-deleted': 'Your saved access is deleted from this device. In an outage nothing opens here until you have signed in again.',
  'leases-kept': 'Your list is removed from this browser. Saved access stays on this device.',
  'nothing-saved': 'Your list is removed from this browser.',
};
const OUTAGE_COST: Costs = {
  'leases-deleted': 'Your saved access is deleted from this device. Until the Workspace is back you could open nothing.',
  'leases-kept': 'Your list is removed from this browser. Until the Workspace is back you could open nothing here.',
  'nothing-saved': 'Your list is removed from this browser, and you can’t sign in until the Workspace is back.',
};

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
