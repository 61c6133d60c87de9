/** Draws what stands in place of the list. */
import { html, type TemplateResult } from 'lit';
import type { Actions } from '../app/actions.ts';
import type { Gate, Way } from '../view/gate.ts';

export function gate({ title, told, ways }: Gate, { signIn, workOffline, reconnect }: Actions): TemplateResult {
  const buttons: Readonly<Record<Way, TemplateResult>> = {
    'sign-in': html`<button class="button main" type="button" @click=${signIn}>Sign in</button>`,
    'work-offline': html`<button class="button" type="button" @click=${workOffline}>Use Workspace offline</button>`,
    reconnect: html`<button class="button main" type="button" @click=${reconnect}>Reconnect to Workspace</button>`,
    reconnecting: html`<button class="button main" type="button" aria-disabled="true">Reconnect to Workspace</button>`,
  };
  return html`<div class="gate"><div class="told" role="status"><h1>${title}</h1>${told.map((words) => html`<p>${words}</p>`)}</div><div class="ways">${ways.map(
    (way) => buttons[way],
  )}</div></div>`;
}
