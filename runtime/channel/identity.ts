/** What channels need from the component that uses them. */
import type { Component } from '../component/component.ts';

export type ChannelIdentity = Pick<Component, 'id' | 'statement' | 'trust' | 'hear'>;

export interface ComponentIdentity extends ChannelIdentity {
  readonly signer: Component['signer'];
  readonly tls: Component['tls'];
  /** Calls the listener on every change; the result unsubscribes. */
  onTrust(listener: () => void): () => void;
}

export function identityOf(component: Component): ComponentIdentity {
  const listeners = new Set<() => void>();
  component.onTrust(() => {
    for (const listener of listeners) listener();
  });
  return {
    id: component.id,
    get signer() {
      return component.signer;
    },
    get tls() {
      return component.tls;
    },
    statement: () => component.statement(),
    trust: () => component.trust(),
    hear: (news) => component.hear(news),
    onTrust(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
