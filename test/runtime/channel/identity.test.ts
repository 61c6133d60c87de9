import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Trust } from '#core/trust/trust';
import type { Component } from '#runtime/component/component';
import { componentSigner, newEd25519 } from '#runtime/jose/sign';
import { identityOf } from '../../../runtime/channel/identity.ts';
import { newWorld } from '../../vectors/world.ts';

const world = newWorld();

/** A component that may get other keys, and hears of a new root or list. */
function component() {
  const listeners: ((trust: Trust) => void)[] = [];
  const parts = {
    id: 'gateway-1',
    role: 'gateway' as const,
    signer: componentSigner(newEd25519()),
    tls: { key: 'key', cert: 'first' },
    statement: () => 'its.own.statement',
    trust: () => world.trustWith(),
    hear: () => {
      for (const listener of listeners) listener(world.trustWith());
    },
    onTrust: (listener: (trust: Trust) => void) => void listeners.push(listener),
    onKeys: () => {},
    statements: () => [],
    locationKeys: () => ({}),
    complaint: () => undefined,
    refresh: async () => true,
  };
  return parts satisfies Component;
}

test('who listens is told of every change of trust until it no longer listens, and others still are', () => {
  const identity = identityOf(component());
  const told: string[] = [];
  const stop = identity.onTrust(() => void told.push('first'));
  identity.onTrust(() => void told.push('second'));
  identity.hear({});
  stop();
  identity.hear({});
  assert.deepEqual(told, ['first', 'second', 'second']);
});

test('a component that has new keys shows them to whoever connects from then on', () => {
  const own = component();
  const identity = identityOf(own);
  const next = componentSigner(newEd25519());
  Object.assign(own, { signer: next, tls: { key: 'key', cert: 'next' }, statement: () => 'its.next.statement' });
  assert.deepEqual([identity.signer.kid, identity.tls.cert, identity.statement()], [next.kid, 'next', 'its.next.statement']);
});
