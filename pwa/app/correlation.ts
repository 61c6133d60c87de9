import { correlationIdOf } from '#core/correlation-id';

/** For an operation or an error without an ID; the caller logs it. */
export function newCorrelationId(): string {
  return correlationIdOf(crypto.getRandomValues(new Uint8Array(6)));
}
