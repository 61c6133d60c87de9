/** The access strip above the list and its words: one place, always there, that says what works. */
import { type FeedState, shownOf } from '#core/machines/feed';
import type { OfflineState } from '#core/machines/portal-states';
import type { WireError } from '#protocol/errors';
import type { Reachability } from '#protocol/host';
import { wholeLine } from '#protocol/words';
import type { AppState, Evidence } from '../app/model.ts';
import type { Item } from './list.ts';
import { diskWords } from './ready.ts';
import { ago, causeWords, clockTime, routeWords, when } from './words.ts';

export interface Strip {
  readonly look: 'calm' | 'wait';
  readonly badge: { readonly glyph: 'tick' | 'clock' | 'cloud' | 'down' | 'cross'; readonly kind: '' | 'wait' | 'own' | 'stop' };
  readonly title: string;
  readonly text: string;
  readonly reconnect: 'none' | 'offered' | 'running';
  readonly evidence: readonly (readonly [hop: string, words: string])[];
  readonly progress: { readonly done: number; readonly total: number } | undefined;
  /** what "Copy details" is about */
  readonly error: WireError | undefined;
}

const NOTHING_OPENS = 'Apps and desktops can’t be opened right now';
const QUIET = { reconnect: 'none', evidence: [], progress: undefined, error: undefined } as const;

/** One sentence about one state: where nothing opens on this device, nothing is said of what would. */
export function stripOf(state: AppState, items: readonly Item[]): Strip {
  const { portal } = state;
  switch (portal.is) {
    case 'starting':
    case 'signing-in':
      return { ...QUIET, look: 'calm', badge: { glyph: 'clock', kind: 'own' }, title: 'Looking for the Workspace', text: listAge(state) };
    case 'reconnecting':
      return {
        ...QUIET,
        look: 'wait',
        badge: { glyph: 'clock', kind: '' },
        title: 'Looking for the Workspace',
        text: 'At most 5 s. Your sessions and this list stay as they are.',
        reconnect: 'running',
      };
    case 'offline':
      return offlineStrip(state, portal, items);
    case 'degraded':
      return { ...(troubleStrip(state) ?? degradedStrip(state)), reconnect: 'offered' };
    case 'online':
      return troubleStrip(state) ?? onlineStrip(state, items);
  }
}

/** What prevents opening anything on this device. */
interface Trouble {
  readonly title: string;
  readonly text: string;
  readonly error: WireError | undefined;
}

function troubleOf({ host, disk, words }: AppState): Trouble | undefined {
  // A launch writes the session's key and record, by whichever way it opens.
  if (host.path === 'ready' && (disk === 'full' || disk === 'unwritable'))
    return { title: NOTHING_OPENS, text: diskWords(disk), error: undefined };
  const { error } = host;
  if (error === undefined || host.path === 'ready' || host.path === 'unknown') return undefined;
  const title = host.path === 'no-extension' ? 'Apps and desktops can’t be opened in this browser yet' : NOTHING_OPENS;
  const id = error.correlationId === undefined ? '' : ` ID ${error.correlationId}`;
  return { title, text: `${wholeLine(words(error))}${id}`, error };
}

function troubleStrip(state: AppState): Strip | undefined {
  const trouble = troubleOf(state);
  return trouble && { ...QUIET, ...trouble, look: 'calm', badge: { glyph: 'cross', kind: 'stop' } };
}

/** The state next to the Workspace's name. */
export function brandState({ portal }: AppState): { readonly kind: '' | 'wait' | 'none'; readonly words: string } {
  switch (portal.is) {
    case 'starting':
      return { kind: 'none', words: 'Looking for the Workspace' };
    case 'signing-in':
      return { kind: 'none', words: 'Not signed in' };
    case 'online':
      return { kind: '', words: 'Online' };
    case 'degraded':
      return { kind: 'wait', words: 'Online, in part' };
    case 'offline':
      return {
        kind: 'wait',
        words: portal.why.by === 'choice' ? `Working offline since ${clockTime(portal.since)}` : `Offline since ${clockTime(portal.since)}`,
      };
    case 'reconnecting':
      return { kind: 'wait', words: 'Looking for the Workspace' };
  }
}

/** One source, with the age of its list. */
export function sourceWords(state: AppState, feed: FeedState): { readonly kind: '' | 'wait' | 'none'; readonly words: string } {
  const shown = shownOf(feed);
  const offline = state.portal.is === 'offline';
  if (feed.is === 'live' && !offline) return { kind: '', words: 'live' };
  if (shown !== undefined) return { kind: 'wait', words: `saved list, as of ${when(shown.asOf, state.now)}` };
  return feed.is === 'unavailable' || offline ? { kind: 'wait', words: 'no list yet' } : { kind: 'none', words: 'asking' };
}

function offlineStrip(state: AppState, portal: OfflineState, items: readonly Item[]): Strip {
  const since = when(portal.since, state.now);
  const calm = { ...QUIET, look: 'calm', reconnect: 'offered' } as const;
  if (portal.back !== 'no') {
    const how = portal.back === 'signed-in' ? 'Reconnect when it suits you.' : 'Reconnect to sign in when it suits you.';
    const text =
      portal.why.by === 'choice'
        ? `You have been working offline since ${since}, as you chose. Reconnect when it suits you; your sessions go on.`
        : `${how} Nothing reloads until you do, and your sessions go on.`;
    return { ...calm, badge: { glyph: 'tick', kind: '' }, title: 'The Workspace is back', text };
  }
  const trouble = troubleOf(state);
  const opens = trouble?.text ?? opensNow(items);
  const { error } = { error: undefined, ...trouble };
  if (portal.why.by === 'choice') {
    const text = `You chose this at ${since}. It stays until you reconnect. ${opens}`;
    return { ...calm, badge: { glyph: 'cloud', kind: 'own' }, title: 'You are working offline', text, error };
  }
  const wait = { ...calm, look: 'wait', badge: { glyph: 'cloud', kind: '' }, evidence: tried(state), error } as const;
  if (portal.tried !== undefined) {
    const again =
      portal.retryAt === undefined
        ? ''
        : ` Holdfast looks again in ${Math.max(1, Math.round((portal.retryAt - portal.tried.at) / 1_000))} s; nothing is lost by waiting.`;
    const text = `It ${causeWords(portal.tried.cause)} at ${when(portal.tried.at, state.now)}.${again} ${opens}`;
    return { ...wait, title: 'Still no answer from the Workspace', text };
  }
  const answered = portal.why.cause === 'server-error' ? 'has answered with errors' : 'has not answered';
  const title = trouble?.title ?? 'Some of your resources can’t be reached';
  return { ...wait, title, text: `The Workspace ${answered} since ${since}. ${opens}` };
}

/** What is not known yet is being looked for: it is not counted as closed. */
function opensNow(items: readonly Item[]): string {
  if (items.some(({ opens }) => opens.can === 'wait')) return 'Looking for what still opens with the access saved on this device.';
  const open = items.filter(({ opens }) => opens.can === 'open').length;
  if (open === items.length && open > 0) return 'All of them still open with the access saved on this device.';
  return `${open} of ${items.length} still open with the access saved on this device; each dimmed one says why it doesn’t.`;
}

function degradedStrip(state: AppState): Strip {
  const names = new Map(state.known?.feeds.map(({ id, name }) => [id, name]));
  const lost = [...state.feeds].filter(([, feed]) => feed.is === 'unavailable' || (feed.is === 'cached' && feed.cause !== undefined));
  const badge = { glyph: 'clock', kind: 'wait' } as const;
  const [first] = lost;
  if (first === undefined) return { ...QUIET, look: 'calm', badge, title: 'Looking for the rest', text: 'Checking some sources again.' };
  const [id, feed] = first;
  const name = names.get(id) ?? id;
  if (lost.length > 1) {
    return {
      ...QUIET,
      look: 'calm',
      badge,
      title: `${lost.length} sources aren’t answering`,
      text: 'Their saved lists are shown. Everything else is live.',
      reconnect: 'offered',
    };
  }
  const shown = shownOf(feed);
  const text =
    shown === undefined
      ? 'It has no saved list on this device yet. Everything else is live.'
      : `${itsResources(shown.resources.length)} from the list of ${when(shown.asOf, state.now)}. Everything else is live.`;
  return { ...QUIET, look: 'calm', badge, title: `${name} isn’t answering`, text, reconnect: 'offered' };
}

function itsResources(count: number): string {
  return count === 1 ? 'Its one resource comes' : `Its ${count} resources come`;
}

function onlineStrip(state: AppState, items: readonly Item[]): Strip {
  const { sync } = state;
  if (sync?.state === 'running') {
    const { done = 0, total = 0 } = sync;
    const text = total === 0 ? 'You can open anything meanwhile.' : `${done} of ${total} resources. You can open anything meanwhile.`;
    return {
      ...QUIET,
      look: 'calm',
      badge: { glyph: 'down', kind: 'own' },
      title: 'Saving your access for outages',
      text,
      progress: total === 0 ? undefined : { done, total },
    };
  }
  const { is, title, text } = state.readiness(state, items);
  const badge = is === 'not-ready' ? ({ glyph: 'clock', kind: 'wait' } as const) : ({ glyph: 'tick', kind: '' } as const);
  return { ...QUIET, look: 'calm', badge, title, text };
}

function tried({ evidence, reachability, now }: AppState): Strip['evidence'] {
  const hops = evidence.map(({ hop, cause, first, last }: Evidence) => {
    const again = when(first, now) === when(last, now) ? '' : `, again at ${when(last, now)}`;
    return [hop, `${causeWords(cause)} at ${when(first, now)}${again}`] as const;
  });
  const locations = [...reachability.values()].map((location) => {
    if (location.state === 'unchecked') return [location.name, 'not checked yet'] as const;
    if (location.state === 'unreachable') return [location.name, lostWords(location)] as const;
    const way =
      location.route === undefined ? 'answers' : location.route === 'direct' ? 'answers directly' : `answers ${routeWords(location.route)}`;
    return [location.name, location.roundTripMs === undefined ? way : `${way}, ${location.roundTripMs} ms`] as const;
  });
  return [...hops, ...locations];
}

function lostWords({ causes = [] }: Reachability): string {
  const told = causes.find((cause) => cause === 'no-session-host') ?? causes.find((cause) => cause === 'location-silent');
  return told === undefined ? 'no answer directly or through a gateway' : causeWords(told);
}

function listAge({ feeds, now }: AppState): string {
  const times = [...feeds.values()].flatMap((feed) => shownOf(feed)?.asOf ?? []);
  const oldest = Math.min(...times);
  return Number.isFinite(oldest) ? `This list was saved ${ago(oldest, now)}.` : 'Your list appears as soon as it answers.';
}
