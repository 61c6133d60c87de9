import { correlationIdOf } from '#core/correlation-id';

/** For operations that begin here: a lease sync, a launch by command. A launch from a page brings its own id. */
export function newCorrelationId(): string {
  return correlationIdOf(crypto.getRandomValues(new Uint8Array(6)));
}
