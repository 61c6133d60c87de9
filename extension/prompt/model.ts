/** The prompt window's model, from the worker's world. */
import { hostOf, type Reason } from '#core/machines/login-watch-states';
import type { PortalFacts, PromptModel } from '../pages/messages.ts';
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
    reason: withPart(watch.reason, watch.workspace, world.facts.health(watch.workspace)),
    saved:
      saved !== null
        ? { known: 'yes', valid: saved.valid, opens: saved.opens, listed: saved.listed }
        : { known: waiting ? 'unknown' : 'no-host' },
    back,
  };
}

/** A Workspace whose sign-in is down answers the sign-in with an error: the part that failed is named, not who said so. */
export function withPart(reason: Reason, workspace: string, health: PortalFacts): Reason {
  if (reason.why !== 'outage' || health.state !== 'identity-down') return reason;
  const { evidence } = reason;
  const itself = evidence.kind === 'tab' && evidence.cause === 'server-error' && evidence.host === hostOf(workspace);
  return itself ? { ...reason, evidence: { ...evidence, kind: 'identity' } } : reason;
}
