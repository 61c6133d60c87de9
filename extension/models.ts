/** What the popup and the prompt windows show, from what the worker knows. */
import { toolbar } from '#core/machines/toolbar';
import type { PopupModel, PromptModel } from './messages.ts';
import type { World } from './ready.ts';
import { self } from './webext.ts';

/** `current`: the Workspace in front, if there is one; else an open portal's, else the first. */
export function popupModel(world: World, current: string | null): PopupModel {
  const { workspaces, portals, stores, host } = world;
  const all = workspaces.all().map(({ url }) => ({ url, name: workspaces.nameOf(url) }));
  const front = current ?? portals.all()[0]?.store ?? all[0]?.url;
  const ordered = [...all.filter((one) => one.url === front), ...all.filter((one) => one.url !== front)];
  const { on, seconds, locked } = workspaces.timeout();
  const state = host.state();
  return {
    version: self.version,
    managed: workspaces.managed(),
    workspaces: ordered,
    timeout: { on, seconds, locked },
    portal: front === undefined ? { state: 'looking' } : stores.health(front),
    offline: portals.all().some((one) => one.store === front && one.report === 'offline'),
    host: 'error' in state ? { ...state, error: { message: state.error.message, remedy: state.error.remedy } } : state,
    saved: front === undefined || state.state !== 'ready' ? null : stores.saved(front),
  };
}

/** null: this tab asks nothing any more. */
export function promptModel(world: World, tab: number, back: boolean): PromptModel | null {
  const watch = world.watches.state(tab);
  if (watch.phase !== 'prompting') return null;
  const saved = world.stores.saved(watch.store);
  const host = world.host.state().state;
  const waiting = host === 'ready' || host === 'connecting' || host === 'closed';
  return {
    store: watch.store,
    storeName: world.workspaces.nameOf(watch.store),
    reason: watch.reason,
    saved: saved !== null ? { known: 'yes', valid: saved.valid, resources: saved.resources } : { known: waiting ? 'unknown' : 'no-host' },
    back,
  };
}

/** Icon and tooltip of the toolbar button (B-E7). */
export function toolbarModel(world: World): ReturnType<typeof toolbar> {
  const open = world.portals.all();
  const host = world.host.state().state;
  const store = open[0]?.store ?? world.workspaces.all()[0]?.url;
  const saved = store === undefined ? null : world.stores.saved(store);
  return toolbar({
    portals: open.map((one) => ({ name: world.workspaces.nameOf(one.store), offline: one.report === 'offline' })),
    host: host === 'closed' || host === 'connecting' ? 'looking' : host,
    saved: saved === null ? null : { valid: saved.valid, resources: saved.resources },
  });
}
