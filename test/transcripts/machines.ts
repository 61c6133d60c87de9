/** The machines as their transcripts play them: what `start` takes, and the names of things too long to write out. */
import assert from 'node:assert/strict';
import { CIRCUIT_SETTINGS, nextCircuit, startCircuit } from '#core/machines/broker-circuit';
import { FEED_SETTINGS, nextFeed, startFeed } from '#core/machines/feed';
import { nextLaunch, startLaunch } from '#core/machines/launch';
import { LAUNCH_SETTINGS } from '#core/machines/launch-states';
import { nextWatch, resumeWatch, startWatch } from '#core/machines/login-watch';
import { nextTrip, startTrip, TRIP_SETTINGS } from '#core/machines/offline-trip';
import { nextPortal, startPortal } from '#core/machines/portal';
import { PORTAL_SETTINGS } from '#core/machines/portal-states';
import { nextRace, RACE_SETTINGS, startRace } from '#core/machines/race';
import type { Step } from '#core/machines/step';

interface Effect {
  readonly do: string;
}
/** One story's machine. */
export interface Played {
  step(input: { readonly type: string; readonly at: number }): { readonly state: string; readonly effects: readonly Effect[] };
  show(fields: object): string;
}
export interface Machine {
  readonly name: string;
  begin(): Played;
}

// What a transcript says is read by the machine as it is: a field that does not exist shows in the output.
// biome-ignore lint/suspicious/noExplicitAny: the input of a story is not typed
type Input = any;

interface Made<State> {
  readonly name: string;
  readonly start: (input: Input) => Step<State, Effect>;
  readonly next: (state: State, event: Input) => Step<State, Effect>;
  /** the state in short, where all of it would be too long to read */
  readonly brief?: (state: State) => string;
  /** short names for values, both ways */
  readonly names?: Readonly<Record<string, unknown>>;
}

function machine<State extends object>({ name, start, next, brief, names = {} }: Made<State>): Machine {
  return {
    name,
    begin() {
      let state: State | undefined;
      const show = (value: object): string => fields(value, names);
      return {
        show,
        step(input) {
          const named = withNames(input, names);
          const before = state;
          const step = input.type === 'start' ? start(named) : next(before ?? assert.fail('it has not started'), named);
          ({ state } = step);
          const line = brief === undefined ? stateLine(state, show) : brief(state);
          return { state: state === before ? 'unchanged' : line, effects: step.effects };
        },
      };
    },
  };
}

function stateLine(state: object, show: (value: object) => string): string {
  const { is = 'state', ...more } = { is: undefined, ...state };
  return `${is} ${show(more)}`.trimEnd();
}

/** `a: 1, b: {c: two}`; what is undefined is left out. */
function fields(value: object, names: Readonly<Record<string, unknown>>): string {
  return Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .map(([key, one]) => `${key}: ${shown(one, names)}`)
    .join(', ');
}

function shown(value: unknown, names: Readonly<Record<string, unknown>>): string {
  const name = Object.entries(names).find(([, one]) => one === value)?.[0];
  if (name !== undefined) return name;
  if (Array.isArray(value)) return `[${value.map((one) => shown(one, names)).join(', ')}]`;
  return typeof value === 'object' && value !== null ? `{${fields(value, names)}}` : String(value);
}

function withNames(value: unknown, names: Readonly<Record<string, unknown>>): unknown {
  if (typeof value === 'string') return names[value] ?? value;
  if (Array.isArray(value)) return value.map((one) => withNames(one, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, key === 'type' ? one : withNames(one, names)]));
}

const way = (text: string) => {
  const [route, location] = text.split(' ');
  return { route: route === 'gateway' ? ('gateway' as const) : ('direct' as const), location: location ?? '' };
};

const feedList = (name: string) => ({ feed: 'wiki', name });

export const MACHINES: readonly Machine[] = [
  machine({
    name: 'broker-circuit',
    start: startCircuit,
    next: (state, event) => nextCircuit(state, event, CIRCUIT_SETTINGS),
  }),
  machine({
    name: 'feed',
    start: () => startFeed(FEED_SETTINGS),
    next: (state, event) => nextFeed(state, event, FEED_SETTINGS),
    names: { copy: feedList('copy'), list: feedList('list'), nothing: feedList('nothing') },
  }),
  machine({
    name: 'launch',
    start: ({ ticket, at }) => startLaunch(ticket, at, LAUNCH_SETTINGS),
    next: (state, event) => nextLaunch(state, event, LAUNCH_SETTINGS),
  }),
  machine({
    name: 'login-watch',
    // `kept`: what a worker reads back that was stopped meanwhile.
    start: ({ kept }) => (kept === undefined ? startWatch() : resumeWatch(kept)),
    next: (state, { timeout = 30, ...event }) =>
      nextWatch(state, event, { on: timeout !== 'off', seconds: timeout === 'off' ? 30 : timeout }),
    names: { W: 'https://workspace.contoso.example', workspaceHost: 'workspace.contoso.example' },
  }),
  machine({
    name: 'offline-trip',
    start: ({ at }) => startTrip('https://workspace.contoso.example/?offline=choice', at, TRIP_SETTINGS),
    next: (state, event) => nextTrip(state, event, TRIP_SETTINGS),
    names: {
      offline: 'https://workspace.contoso.example/?offline=choice',
      W: 'https://workspace.contoso.example/',
      signIn: 'https://workspace.contoso.example/auth/sign-in',
      provider: 'https://login.contoso.example/',
      news: 'https://news.example/',
    },
  }),
  machine({
    name: 'portal',
    start: ({ begin, waitedMs, at }) => startPortal(begin, at, waitedMs, PORTAL_SETTINGS),
    next: (state, event) => nextPortal(state, event, PORTAL_SETTINGS),
  }),
  machine({
    name: 'race',
    start: ({ ways, credential, at }) => startRace(ways.map(way), credential, at, RACE_SETTINGS),
    next: (state, event) => nextRace(state, event, RACE_SETTINGS),
    brief: (state) => (state.is === 'ended' ? 'ended' : `racing ${state.lanes.map(({ is }, index) => `${index} ${is}`).join(', ')}`),
  }),
];
