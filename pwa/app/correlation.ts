import { correlationIdOf } from '#core/correlation-id';

/** For a doing or a trouble that has no ID yet; whoever gives one logs it. */
export function newCorrelationId(): string {
  return correlationIdOf(crypto.getRandomValues(new Uint8Array(6)));
}
