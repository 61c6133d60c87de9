/** Settings by enterprise policy (B-E11). `managed-schema.json` declares the same to the browser. */
import * as v from 'valibot';
import { Name, Origin } from '#protocol/primitives';
import { TimeoutPolicy } from '../watch/login-timeout.ts';

export const Workspace = v.object({ url: Origin, name: Name });
export type Workspace = v.InferOutput<typeof Workspace>;

/** Each part is parsed separately: one invalid value does not void the rest. */
const Policy = v.object({
  workspaces: v.fallback(v.optional(v.array(Workspace)), undefined),
  loginTimeout: v.fallback(v.optional(TimeoutPolicy), undefined),
});
export type Policy = v.InferOutput<typeof Policy>;

export const NO_POLICY: Policy = {};

/** null: not loaded yet. At a browser's first start the values arrive seconds later, so absent means unknown, not none. */
export function readPolicy(stored: unknown): Policy | null {
  const policy = v.safeParse(Policy, stored);
  if (!policy.success) return null;
  return policy.output.workspaces === undefined && policy.output.loginTimeout === undefined ? null : policy.output;
}

/** Policy first, then the host's list; one entry per origin. */
export function allWorkspaces(policy: Policy, fromHost: readonly Workspace[]): readonly Workspace[] {
  const all = [...(policy.workspaces ?? []), ...fromHost];
  return all.filter((one, at) => all.findIndex((other) => other.url === one.url) === at);
}
