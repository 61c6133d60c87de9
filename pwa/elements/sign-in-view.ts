/** The views without a list: signing in, and a first visit while the Workspace does not answer (B-W18). */
import { html, nothing, type TemplateResult } from 'lit';
import type { AppState } from '../app/model.ts';
import type { Actions } from '../app/portal.ts';
import type { SignedOut } from '../bridges/local-storage.ts';
import { causeWords, when } from '../view/words.ts';

/** The view that replaces the list; undefined when the list is shown. */
export function gate(state: AppState, actions: Actions): TemplateResult | undefined {
  const { portal, known, signedOut } = state;
  const hidden = state.unsure && (portal.is === 'starting' || portal.is === 'reconnecting');
  if (portal.is === 'signing-in') return signIn(known !== undefined, actions, signedOut);
  if (known !== undefined && !hidden) return undefined;
  switch (portal.is) {
    case 'starting':
      return box('Looking for the Workspace', html`<p>This takes a moment.</p>`, nothing);
    case 'reconnecting':
      return box(
        'Looking for the Workspace',
        html`<p>At most 5 s.</p>`,
        html`<button class="button main" type="button" aria-disabled="true">Reconnect to Workspace</button>`,
      );
    case 'offline': {
      if (portal.back !== 'no') return signIn(false, actions, signedOut);
      const why =
        portal.why.by === 'choice'
          ? 'You are working offline.'
          : `The Workspace ${causeWords(portal.why.cause)} at ${when(portal.since, state.now)}.`;
      return box(
        'Your first sign-in needs the Workspace',
        html`<p>${why} Nothing is saved for you in this browser yet, so there is nothing to show.</p>
          <p>Sign in once while the Workspace answers. After that your apps and desktops open in an outage too.</p>`,
        html`<button class="button main" type="button" @click=${actions.reconnect}>Reconnect to Workspace</button>`,
      );
    }
    case 'online':
    case 'degraded':
      return undefined;
  }
}

const DONE: Readonly<Record<SignedOut, string>> = {
  removed: 'Saved access was removed from this device.',
  kept: 'Saved access stays on this device, as your administrator has set.',
  'nothing-saved': 'Your list was removed from this browser.',
  unanswered: 'Holdfast on this device didn’t answer, so saved access may still be there.',
};

function signIn(hasList: boolean, actions: Actions, signedOut: SignedOut | undefined): TemplateResult {
  return box(
    signedOut === undefined ? 'Sign in to your Workspace' : 'You are signed out',
    html`<p>${signedOut === undefined ? 'The sign-in page opens.' : DONE[signedOut]}${hasList ? ' If it does not answer, your saved access still works offline.' : nothing}</p>`,
    html`<button class="button main" type="button" @click=${actions.signIn}>Sign in</button>${
      hasList ? html`<button class="button" type="button" @click=${actions.workOffline}>Use Workspace offline</button>` : nothing
    }`,
  );
}

function box(title: string, told: TemplateResult, ways: TemplateResult | typeof nothing): TemplateResult {
  return html`<div class="gate"><div class="told" role="status"><h1>${title}</h1>${told}</div><div class="ways">${ways}</div></div>`;
}
