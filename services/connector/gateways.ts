/** One control channel to every gateway of the site document, opened and ended as it changes. */
import type { Endpoint } from '#protocol/lease';
import type { ControlHandlers } from '#runtime/channel/control';
import { type ControlBase, keepControl } from '#runtime/channel/control-link';

export interface Gateways {
  /** Those of the newest configuration, as devices reach them. */
  follow(endpoints: readonly Endpoint[]): void;
}

/** `handlersFor`: what the gateway at that endpoint may ask. */
export function gatewaysOf(
  base: Omit<ControlBase, 'handlers'>,
  handlersFor: (gateway: Endpoint) => ControlHandlers,
  signal: AbortSignal,
): Gateways {
  const links = new Map<string, AbortController>();
  return {
    follow(endpoints) {
      const wanted = new Map(endpoints.map((endpoint) => [keyOf(endpoint), endpoint]));
      for (const [key, link] of links) {
        if (wanted.has(key)) continue;
        link.abort();
        links.delete(key);
      }
      for (const [key, endpoint] of wanted) {
        if (links.has(key)) continue;
        const link = new AbortController();
        links.set(key, link);
        const ends = AbortSignal.any([signal, link.signal]);
        void keepControl({ ...base, handlers: handlersFor(endpoint), endpoint, expected: { roles: ['gateway'] }, signal: ends });
      }
    },
  };
}

function keyOf({ id, address }: Endpoint): string {
  return `${id} ${address.host} ${address.port}`;
}
