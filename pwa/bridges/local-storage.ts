/** The only door to localStorage: the few small values that the first paint needs synchronously. */
import * as v from 'valibot';
import { PortalSession } from '#protocol/workspace-api';
import { SESSION_KEY } from './storage-names.ts';

/** Who was signed in last, without the live session's tokens. */
export const KnownSession = v.object({
  user: v.pick(PortalSession.entries.user, ['subject', 'name', 'upn']),
  workspace: PortalSession.entries.workspace,
  feeds: PortalSession.entries.feeds,
  continuity: PortalSession.entries.continuity,
});
export type KnownSession = v.InferOutput<typeof KnownSession>;

export const Theme = v.picklist(['system', 'light', 'dark']);
export type Theme = v.InferOutput<typeof Theme>;

const KEY = {
  session: SESSION_KEY,
  theme: 'holdfast:theme',
  keys: 'holdfast:keys',
  leaving: 'holdfast:leaving',
  unsure: 'holdfast:unsure',
  devices: 'holdfast:devices',
  marked: 'holdfast:marked',
  signedOut: 'holdfast:signed-out',
};

/** What a sign-out did to the access saved on this device; `unanswered`: the host did not say. */
export const SignedOut = v.picklist(['nothing-saved', 'removed', 'kept', 'unanswered']);
export type SignedOut = v.InferOutput<typeof SignedOut>;

export interface LocalStorage {
  session(): KnownSession | undefined;
  keepSession(session: KnownSession | undefined): void;
  theme(): Theme;
  keepTheme(theme: Theme): void;
  /** single-key shortcuts, which a person can turn off */
  singleKeys(): boolean;
  keepSingleKeys(on: boolean): void;
  /** whether this person has favourites: only then the first paint waits for them */
  marked(subject: string): boolean;
  keepMarked(subject: string, marked: boolean): void;
  /** signed out during an outage: the session must be ended as soon as the Workspace answers */
  leaving(): boolean;
  keepLeaving(leaving: boolean): void;
  /** kept while the identity provider's own sign-out is on the screen, and taken once */
  takeSignedOut(): SignedOut | undefined;
  keepSignedOut(done: SignedOut): void;
  /** the Workspace asked for a sign-in: another person may return, so no list is shown before it says who */
  unsure(): boolean;
  keepUnsure(unsure: boolean): void;
  /** notices of devices first seen until then were put away; seconds since 1970 */
  devicesSeen(): number;
  keepDevicesSeen(until: number): void;
}

export function openLocalStorage(): LocalStorage {
  return {
    session: () => {
      const kept = v.safeParse(KnownSession, readJson(KEY.session));
      return kept.success ? kept.output : undefined;
    },
    keepSession: (session) => write(KEY.session, session === undefined ? undefined : JSON.stringify(v.parse(KnownSession, session))),
    theme: () => {
      const kept = v.safeParse(Theme, read(KEY.theme));
      return kept.success ? kept.output : 'system';
    },
    keepTheme: (theme) => write(KEY.theme, theme),
    singleKeys: () => read(KEY.keys) !== 'off',
    keepSingleKeys: (on) => write(KEY.keys, on ? undefined : 'off'),
    marked: (subject) => read(`${KEY.marked}:${subject}`) === 'yes',
    keepMarked: (subject, marked) => write(`${KEY.marked}:${subject}`, marked ? 'yes' : undefined),
    leaving: () => read(KEY.leaving) === 'yes',
    keepLeaving: (leaving) => write(KEY.leaving, leaving ? 'yes' : undefined),
    takeSignedOut: () => {
      const kept = v.safeParse(SignedOut, read(KEY.signedOut));
      write(KEY.signedOut, undefined);
      return kept.success ? kept.output : undefined;
    },
    keepSignedOut: (done) => write(KEY.signedOut, done),
    unsure: () => read(KEY.unsure) === 'yes',
    devicesSeen: () => Number(read(KEY.devices) ?? 0) || 0,
    keepDevicesSeen: (until) => write(KEY.devices, String(until)),
    keepUnsure: (unsure) => write(KEY.unsure, unsure ? 'yes' : undefined),
  };
}

function readJson(key: string): unknown {
  try {
    return JSON.parse(read(key) ?? 'null');
  } catch {
    return undefined;
  }
}

/** Full or forbidden storage counts as empty. */
function read(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

function write(key: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Nothing irreplaceable lives in the browser.
  }
}
