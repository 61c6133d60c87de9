/** The only door to localStorage and sessionStorage: the few small things that the first picture needs without waiting. */
import * as v from 'valibot';
import { PortalSession } from '#protocol/workspace-api';

/** Who was signed in last, without what only a live session is good for. */
export const KnownSession = v.object({
  user: v.pick(PortalSession.entries.user, ['subject', 'name', 'upn']),
  store: PortalSession.entries.store,
  feeds: PortalSession.entries.feeds,
  continuity: PortalSession.entries.continuity,
});
export type KnownSession = v.InferOutput<typeof KnownSession>;

export const Theme = v.picklist(['system', 'light', 'dark']);
export type Theme = v.InferOutput<typeof Theme>;

const KEY = {
  session: 'holdfast:session',
  theme: 'holdfast:theme',
  keys: 'holdfast:keys',
  leaving: 'holdfast:leaving',
  unsure: 'holdfast:unsure',
  went: 'holdfast:went',
  marked: 'holdfast:marked',
};

export interface Local {
  session(): KnownSession | undefined;
  keepSession(session: KnownSession | undefined): void;
  theme(): Theme;
  keepTheme(theme: Theme): void;
  /** single-key shortcuts, which a person can turn off */
  singleKeys(): boolean;
  keepSingleKeys(on: boolean): void;
  /** whether this person has favourites: the first picture waits for them only then */
  marked(subject: string): boolean;
  keepMarked(subject: string, marked: boolean): void;
  /** signed out while the Workspace was away: its session is to be ended as soon as it answers */
  leaving(): boolean;
  keepLeaving(leaving: boolean): void;
  /** the Workspace asked for a sign-in: whoever comes back may be somebody else, so no list is shown before it says who */
  unsure(): boolean;
  keepUnsure(unsure: boolean): void;
  /** when this tab went to the sign-in by itself, oldest first; milliseconds since 1970 */
  wentToSignIn(): readonly number[];
  keepWentToSignIn(times: readonly number[]): void;
}

export function openLocal(): Local {
  return {
    session: () => {
      const kept = v.safeParse(KnownSession, readJson(KEY.session));
      return kept.success ? kept.output : undefined;
    },
    keepSession: (session) =>
      write(localStorage, KEY.session, session === undefined ? undefined : JSON.stringify(v.parse(KnownSession, session))),
    theme: () => {
      const kept = v.safeParse(Theme, read(localStorage, KEY.theme));
      return kept.success ? kept.output : 'system';
    },
    keepTheme: (theme) => write(localStorage, KEY.theme, theme),
    singleKeys: () => read(localStorage, KEY.keys) !== 'off',
    keepSingleKeys: (on) => write(localStorage, KEY.keys, on ? undefined : 'off'),
    marked: (subject) => read(localStorage, `${KEY.marked}:${subject}`) === 'yes',
    keepMarked: (subject, marked) => write(localStorage, `${KEY.marked}:${subject}`, marked ? 'yes' : undefined),
    leaving: () => read(localStorage, KEY.leaving) === 'yes',
    keepLeaving: (leaving) => write(localStorage, KEY.leaving, leaving ? 'yes' : undefined),
    unsure: () => read(localStorage, KEY.unsure) === 'yes',
    keepUnsure: (unsure) => write(localStorage, KEY.unsure, unsure ? 'yes' : undefined),
    wentToSignIn: () => (read(sessionStorage, KEY.went) ?? '').split(' ').filter(Boolean).map(Number),
    keepWentToSignIn: (times) => write(sessionStorage, KEY.went, times.join(' ')),
  };
}

function readJson(key: string): unknown {
  try {
    return JSON.parse(read(localStorage, key) ?? 'null');
  } catch {
    return undefined;
  }
}

/** Storage that is full or forbidden is as good as empty. */
function read(storage: Storage, key: string): string | undefined {
  try {
    return storage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

function write(storage: Storage, key: string, value: string | undefined): void {
  try {
    if (value === undefined) storage.removeItem(key);
    else storage.setItem(key, value);
  } catch {
    // Nothing irreplaceable lives in the browser.
  }
}
