/** The prompt window's model, from the worker's world. */
import type { PromptModel } from '../pages/messages.ts';
import type { World } from '../world/world.ts';

/** null: this tab no longer prompts. */
export function promptModel(world: World, tab: number, back: boolean): PromptModel | null {
  const watch = world.watches.state(tab);
  if (watch.is !== 'prompting') return null;
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
