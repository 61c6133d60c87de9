/** The views without a list: signing in, and a first visit while the Workspace does not answer (B-W18). */
import type { AppState } from '../app/model.ts';
import type { SignedOut } from '../bridges/local-storage.ts';
import { causeWords, when } from './words.ts';

/** What the person can do there; `reconnecting`: it goes on already. */
export type Way = 'sign-in' | 'work-offline' | 'reconnect' | 'reconnecting';

export interface Gate {
  readonly title: string;
  /** by paragraph */
  readonly told: readonly string[];
  readonly ways: readonly Way[];
}

/** What stands in place of the list; undefined when the list is shown. */
export function gateOf({ portal, known, signedOut, unsure, now }: AppState): Gate | undefined {
  if (signedOut === 'under-way') return { title: 'Signing out', told: ['This takes a moment.'], ways: [] };
  const hidden = unsure && (portal.is === 'starting' || portal.is === 'reconnecting');
  if (portal.is === 'signing-in') return signIn(known !== undefined, signedOut);
  if (known !== undefined && !hidden) return undefined;
  switch (portal.is) {
    case 'starting':
      return { title: 'Looking for the Workspace', told: ['This takes a moment.'], ways: [] };
    case 'reconnecting':
      return { title: 'Looking for the Workspace', told: ['At most 5 s.'], ways: ['reconnecting'] };
    case 'offline': {
      if (portal.back !== 'no') return signIn(false, signedOut);
      const why =
        portal.why.by === 'choice'
          ? 'You are working offline.'
          : `The Workspace ${causeWords(portal.why.cause)} at ${when(portal.since, now)}.`;
      if (signedOut !== undefined)
        return { title: SIGNED_OUT, told: [DONE[signedOut], `${why} Sign in again when the Workspace answers.`], ways: ['reconnect'] };
      return {
        title: 'Your first sign-in needs the Workspace',
        told: [
          `${why} Nothing is saved for you in this browser yet, so there is nothing to show.`,
          'Sign in once while the Workspace answers. After that your apps and desktops open in an outage too.',
        ],
        ways: ['reconnect'],
      };
    }
    case 'online':
    case 'degraded':
      return undefined;
  }
}

const SIGNED_OUT = 'You are signed out';
const DONE: Readonly<Record<SignedOut, string>> = {
  removed: 'Saved access was removed from this device.',
  kept: 'Saved access stays on this device, as your administrator has set.',
  'nothing-saved': 'Your list was removed from this browser.',
  unanswered: 'Holdfast on this device didn’t answer, so saved access may still be there.',
};

function signIn(hasList: boolean, signedOut: SignedOut | undefined): Gate {
  const told = signedOut === undefined ? 'The sign-in page opens.' : DONE[signedOut];
  return {
    title: signedOut === undefined ? 'Sign in to your Workspace' : SIGNED_OUT,
    told: [hasList ? `${told} If it does not answer, your saved access still works offline.` : told],
    ways: hasList ? ['sign-in', 'work-offline'] : ['sign-in'],
  };
}
