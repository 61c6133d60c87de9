/** What the popup and the prompt windows show, from what the worker knows. */
import { toolbar } from '#core/machines/toolbar';
import type { PopupModel, PromptModel } from './messages.ts';
import { self } from './webext.ts';
import type { World } from './world.ts';

/** `current`: the Workspace in front, if there is one; else an open portal's, else the first. */
export function popupModel(world: World, current: string | null): PopupModel {
  const { workspaces, portals, facts, host } = world;
  const all = workspaces.all().map(({ url }) => ({ url, name: workspaces.nameOf(url) }));
  const front = current ?? portals.all()[0]?.workspace ?? all[0]?.url;
  const ordered = [...all.filter((one) => one.url === front), ...all.filter((one) => one.url !== front)];
  const { on, seconds, locked } = workspaces.timeout();
  const state = host.state();
  return {
    version: self.version,
    managed: workspaces.managed(),
    workspaces: ordered,
    timeout: { on, seconds, locked },
    portal: front === undefined ? { state: 'looking' } : facts.health(front),
    offline: portals.all().some((one) => one.workspace === front && one.report === 'offline'),
    host: 'error' in state ? { ...state, error: { message: state.error.message, remedy: state.error.remedy } } : state,
    saved: front === undefined || state.state !== 'ready' ? null : facts.saved(front),
  };
}

/** null: this tab asks nothing any more. */
export function promptModel(world: World, tab: number, back: boolean): PromptModel | null {
  const watch = world.watches.state(tab);
  if (watch.phase !== 'prompting') return null;
  const saved = world.facts.saved(watch.workspace);
  const host = world.host.state().state;
  const waiting = host === 'ready' || host === 'connecting' || host === 'closed';
  return {
    workspace: watch.workspace,
    workspaceName: world.workspaces.nameOf(watch.workspace),
    reason: watch.reason,
    saved: saved !== null ? { known: 'yes', valid: saved.valid, resources: saved.resources } : { known: waiting ? 'unknown' : 'no-host' },
    back,
  };
}

/** Icon and tooltip of the toolbar button (B-E7). */
export function toolbarModel(world: World): ReturnType<typeof toolbar> {
  const open = world.portals.all();
  const host = world.host.state().state;
  const workspace = open[0]?.workspace ?? world.workspaces.all()[0]?.url;
  const saved = workspace === undefined ? null : world.facts.saved(workspace);
  return toolbar({
    portals: open.map((one) => ({ name: world.workspaces.nameOf(one.workspace), offline: one.report === 'offline' })),
    host: host === 'closed' || host === 'connecting' ? 'looking' : host,
    saved: saved === null ? null : { valid: saved.valid, resources: saved.resources },
  });
}
