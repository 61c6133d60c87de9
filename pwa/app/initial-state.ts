import type { LocalStorage } from '../bridges/local-storage.ts';
import { codeAlone, idAlone } from '../view/error-words.ts';
import { notLookedYet } from '../view/ready.ts';
import { type AppState, NOTHING_OF_A_PERSON } from './model.ts';

/** The state before any answer: who was here last, and their preferences. */
export function initialState(
  local: Pick<LocalStorage, 'devicesSeen' | 'session' | 'unsure' | 'theme' | 'singleKeys'>,
  now: number,
): AppState {
  return {
    ...NOTHING_OF_A_PERSON,
    now,
    portal: { is: 'starting', from: 'anywhere' },
    known: local.session(),
    unsure: local.unsure(),
    signedOut: undefined,
    session: undefined,
    feeds: new Map(),
    unsaved: false,
    disk: undefined,
    host: { path: 'unknown', error: undefined },
    reachability: new Map(),
    saving: false,
    notices: undefined,
    devicesSeen: local.devicesSeen(),
    evidence: [],
    filter: 'all',
    search: '',
    theme: local.theme(),
    singleKeys: local.singleKeys(),
    words: codeAlone,
    details: idAlone,
    readiness: notLookedYet,
    said: '',
  };
}
