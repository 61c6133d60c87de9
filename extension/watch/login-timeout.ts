/** The login timeout: how long a sign-in may take before the window offers "Use Workspace offline" (B-E1, B-E2). */
import * as v from 'valibot';

export const Seconds = v.picklist([15, 30, 45, 60]);

/** As the person set it in the popup. */
export const OwnTimeout = v.object({ on: v.boolean(), seconds: Seconds });
export type OwnTimeout = v.InferOutput<typeof OwnTimeout>;

/** As an administrator set it by policy (B-E11). */
export const TimeoutPolicy = v.object({
  on: v.optional(v.boolean()),
  seconds: v.optional(Seconds),
  locked: v.optional(v.boolean(), false),
});
export type TimeoutPolicy = v.InferOutput<typeof TimeoutPolicy>;

/** B-E1 */
const DEFAULT: OwnTimeout = { on: true, seconds: 30 };

/** The effective timeout: a locked policy, else the person's own, else the policy's suggestion, else the default. */
export function effectiveTimeout(policy: TimeoutPolicy | undefined, own: OwnTimeout | null): OwnTimeout & { readonly locked: boolean } {
  const suggested = { on: policy?.on ?? DEFAULT.on, seconds: policy?.seconds ?? DEFAULT.seconds };
  const locked = policy?.locked ?? false;
  return { ...(locked || own === null ? suggested : own), locked };
}
