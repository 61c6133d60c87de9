/** A component that falls silent while it is asked about a launch. */
import { HoldfastError, isUnanswered } from '#protocol/errors';

/** For `catch`: to the device, silence is a location that gives no decision in time. What the component itself refuses with stays. */
export function silenceAs(reason: 'connector-silent' | 'host-silent'): (thrown: unknown) => never {
  return (thrown) => {
    throw isUnanswered(thrown) ? new HoldfastError(3021, { reason }, { cause: thrown }) : thrown;
  };
}
