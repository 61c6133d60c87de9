/** How often one device may present something: counted after its key is proven, so that nobody can use up another's. */
import { HoldfastError } from '#protocol/errors';
import { type Allowance, type AllowanceLimits, allowanceFor } from '../budget/allowance.ts';

/** A person opens a few things at once, and a launch that fails is tried again; two a second is more than anybody clicks for long. */
const PRESENTS: AllowanceLimits = { burst: 60, perSecond: 2 };

/** The devices of the channels of one service. */
const devices = new WeakMap<object, Allowance>();

/** Throws `too_many`, retryable. `service`: whoever keeps the count, one for each service of a process. */
export function mustNotPresentTooOften(service: object, jkt: string): void {
  const allowance = devices.get(service) ?? allowanceFor(PRESENTS, () => performance.now());
  devices.set(service, allowance);
  if (!allowance.spend(jkt)) throw new HoldfastError('too_many');
}
