/** Runs in a browser: the portal's page over a state that a test sets, and what the person asks for there. */
import type { PortalState } from '#core/machines/portal-states';
import type { Actions } from '../../../pwa/app/actions.ts';
import { type AppState, type Model, openModel } from '../../../pwa/app/model.ts';
import { HoldfastPortal } from '../../../pwa/elements/portal.ts';
import { show } from '../../../pwa/elements/show.ts';
import { itemsOf } from '../../../pwa/view/circumstances.ts';
import { beginLaunch, failLaunch, type LaunchView, stepLaunch } from '../../../pwa/view/launch.ts';
import { noticesOf } from '../../../pwa/view/notices.ts';
import { stateWith } from '../app-state.ts';
import { many } from '../people.ts';

/** The parts of a state as they travel to the browser: a map as its entries, a set as its members, undefined as null. */
export type Change = {
  readonly [Name in keyof AppState]?:
    | null
    | (AppState[Name] extends ReadonlyMap<infer K, infer V> | undefined
        ? readonly (readonly [K, V])[]
        : AppState[Name] extends ReadonlySet<infer M>
          ? readonly M[]
          : AppState[Name]);
};

/** What the person asked for: the action's name, and its arguments as far as they travel. */
export type Did = readonly unknown[];

const did: Did[] = [];
let model: Model;
let page: HoldfastPortal;

const told = (argument: unknown): unknown => {
  if (typeof argument !== 'object' || argument === null) return argument;
  return 'key' in argument ? argument.key : argument;
};
const actions = new Proxy({} as Actions, {
  get:
    (_, name) =>
    (...given: unknown[]): void =>
      void did.push([String(name), ...given.map(told)]),
  ownKeys: () => [],
});

function whole(change: Change): Partial<AppState> {
  const maps = ['feeds', 'leases', 'reachability', 'refusals', 'denials'] as const;
  const plain = Object.entries(change).map(([name, value]) => [name, value ?? undefined]);
  const revived = maps.flatMap((name) => (change[name] == null ? [] : [[name, new Map<string, unknown>(change[name])] as const]));
  const favourites = change.favourites == null ? {} : { favourites: new Set(change.favourites) };
  return { ...Object.fromEntries([...plain, ...revived]), ...favourites };
}

/** The page as it is in this state. Resolves when it is drawn. */
export async function open(portal: PortalState, change: Change = {}): Promise<void> {
  model = openModel({ ...stateWith(portal, whole(change)), notices: noticesOf });
  page = new HoldfastPortal();
  // Every action is there, as those of the running page are.
  const names = [
    'cancelLaunch',
    'closeLaunch',
    'copyDetails',
    'downloadLogs',
    'favourite',
    'filter',
    'open',
    'putAway',
    'reconnect',
  ] as const;
  const more = ['say', 'search', 'signIn', 'signOut', 'singleKeys', 'theme', 'workOffline'] as const;
  page.actions = Object.fromEntries([...names, ...more].map((name) => [name, actions[name]])) as unknown as Actions;
  await show(page, model);
  await drawn();
}

export async function set(change: Change): Promise<void> {
  model.set(whole(change));
  await drawn();
}

async function drawn(): Promise<void> {
  for (const element of [page, ...page.querySelectorAll('holdfast-list, holdfast-launch')]) await Reflect.get(element, 'updateComplete');
}

/** What was asked for since the last call. */
export function asked(): readonly Did[] {
  return did.splice(0);
}

/** A list of so many resources. */
export function list(count: number): Change {
  const { feeds } = stateWith({ is: 'online' });
  return {
    feeds: [...feeds].map(([id, feed]) => [
      id,
      feed.is === 'live' && feed.document && id === 'apps'
        ? { ...feed, document: { ...feed.document, resources: [...many(count)] } }
        : feed,
    ]),
  };
}

/** A launch of the tile with this key, so far; `at`: how long ago it began, milliseconds. */
export function launch(key: string, how: 'asking' | 'lease', then?: Partial<LaunchView>): Change {
  const item = itemsOf(model.state).find((one) => one.key === key);
  if (item === undefined) throw new Error(`no tile ${key}`);
  return { launch: { ...beginLaunch(item, '7f3a-91c2-0000', how, model.state.now), ...then } };
}

/** That launch, failed. */
export function failed(key: string, error: Parameters<typeof failLaunch>[1]): Change {
  const { launch: begun } = launch(key, 'lease');
  return begun == null ? {} : { launch: failLaunch(begun, error) };
}

/** That launch, a step further. */
export function stepped(event: Pick<Parameters<typeof stepLaunch>[1], 'phase' | 'mode'> & { readonly detail?: string }): Change {
  const { launch: begun } = model.state;
  if (begun === undefined) return {};
  const rest = {
    event: 'launch',
    workspace: '',
    subject: '',
    resource: { feed: 'apps', id: 'ledger' },
    correlationId: begun.correlationId,
  } as const;
  return { launch: stepLaunch(begun, { ...rest, ...event }, model.state.now) };
}
