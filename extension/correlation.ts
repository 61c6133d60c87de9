import { correlationIdOf } from '#core/correlation-id';

/** For a refusal or a trouble that came without an ID; whoever gives one logs it. */
export function newCorrelationId(): string {
  return correlationIdOf(crypto.getRandomValues(new Uint8Array(6)));
}
