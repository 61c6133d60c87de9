/** The popup's model, from the worker's world. */
import { detailsOf } from '#protocol/details';
import { wholeLine, wordsOf } from '#protocol/words';
import { people } from '#protocol/words/language';
import type { PopupModel } from '../pages/messages.ts';
import { self } from '../webext.ts';
import type { World } from '../world/world.ts';

/** `current`: the Workspace in the foreground, if any; else an open portal's, else the first. */
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
    host:
      'error' in state
        ? {
            ...state,
            error: wholeLine(wordsOf(state.error, people)),
            details: detailsOf(state.error, state.at, { extension: self.version }),
          }
        : state,
    saved: front === undefined || state.state !== 'ready' ? null : facts.saved(front),
  };
}
