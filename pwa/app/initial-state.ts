import { NO_LOSSES } from '#core/access/losses';
import type { LocalStorage } from '../bridges/local-storage.ts';
import { codeAlone, idAlone } from '../view/error-words.ts';
import { notLookedYet } from '../view/ready.ts';
import type { AppState } from './model.ts';

/** The state before any answer: who was here last, and their preferences. */
export function initialState(
  local: Pick<LocalStorage, 'devicesSeen' | 'session' | 'unsure' | 'theme' | 'singleKeys'>,
  now: number,
): AppState {
  return {
    now,
    portal: { is: 'starting', from: 'anywhere' },
    known: local.session(),
    unsure: local.unsure(),
    signedOut: undefined,
    session: undefined,
    feeds: new Map(),
    unsaved: false,
    kept: undefined,
    disk: undefined,
    host: { path: 'unknown', error: undefined },
    leases: undefined,
    reachability: new Map(),
    refusals: new Map(),
    sync: undefined,
    saving: false,
    denials: new Map(),
    sessions: [],
    losses: NO_LOSSES,
    notices: undefined,
    ownDevice: undefined,
    devicesSeen: local.devicesSeen(),
    groupsNoticeAway: false,
    launch: undefined,
    evidence: [],
    favourites: new Set(),
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
