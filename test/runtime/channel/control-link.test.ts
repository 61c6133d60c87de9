import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ALPN } from '#protocol/channel';
import type { Address } from '#protocol/primitives';
import { controlRegistry, keepControl, presentAndExpectReady } from '../../../runtime/channel/control-link.ts';
import { secure, serveExchange, tlsContext } from '../../../runtime/channel/exchange.ts';
import { identityOf } from '../../../runtime/channel/identity.ts';
import { listenFor } from '../../../runtime/channel/listener.ts';
import { RATE_LIMITS, rateLimiter } from '../../../runtime/channel/rate-limit.ts';
import { componentSigner, newEd25519 } from '../../../runtime/jose/sign.ts';
import { SILENT } from '../../log.ts';
import { refusedWith } from '../../refused-with.ts';
import { type Field, HERE, openField, type TestComponent } from '../../services/whole-location.ts';
import { untilHolds } from '../../until.ts';
import { signBundle, stateThat } from '../../vectors/world.ts';

let field: Field;
before(async () => {
  field = await openField({ connectors: 0 });
});
after(() => field.close());

/** A part that accepts control channels of connectors, as a gateway does. */
async function accepting(component: TestComponent, listen: Address) {
  const ending = new AbortController();
  const identity = identityOf(component);
  const changes: string[] = [];
  const registry = controlRegistry({
    identity,
    handlers: {},
    now: field.now,
    log: SILENT,
    callers: { roles: ['connector'], location: 'zurich' },
    onChange: (peer, state) => void changes.push(`${peer.statement.id} ${state}`),
  });
  const context = tlsContext(component.tls);
  const listener = await listenFor({
    listen,
    rateLimiter: rateLimiter(RATE_LIMITS, () => performance.now()),
    signal: ending.signal,
    serve: async ({ socket, settled }) =>
      serveExchange(
        await secure(socket, context, ALPN.exchange),
        identity,
        { control: (exchange) => registry.accept(exchange) },
        field.now,
        settled,
      ),
  });
  return {
    registry,
    changes,
    address: listener.address,
    close: () => {
      ending.abort();
      return listener.close();
    },
  };
}
const ANY = { host: HERE, port: 0 };

test('a lost control channel is dialled again until it is there', async () => {
  const gateway = await field.component('gateway', 'gateway-7');
  const connector = await field.component('connector', 'zurich-connector-1', 'zurich');
  const first = await accepting(gateway, ANY);
  const opened: string[] = [];
  const ending = new AbortController();
  const ended = keepControl({
    identity: identityOf(connector),
    handlers: {},
    now: field.now,
    log: SILENT,
    endpoint: { id: 'gateway-7', address: first.address },
    expected: { roles: ['gateway'] },
    signal: ending.signal,
    onOpen: async (peer) => void opened.push(peer.statement.id),
  });
  await untilHolds(() => opened.length === 1 && first.registry.all().length === 1);
  await first.close();
  const second = await accepting(gateway, first.address);
  await untilHolds(() => second.registry.get('zurich-connector-1') !== undefined && opened.length === 2);
  assert.ok((await second.registry.get('zurich-connector-1')?.call('ping', {}, 1_000))?.now);
  ending.abort();
  await ended;
  await untilHolds(() => second.registry.all().length === 0);
  await second.close();
});

test('a peer that dials again replaces its older connection', async () => {
  const gateway = await accepting(await field.component('gateway', 'gateway-7'), ANY);
  const identity = identityOf(await field.component('connector', 'zurich-connector-1', 'zurich'));
  const dial = async () => {
    const channel = await field.open(gateway.address, { roles: ['gateway'] }, { trust: identity.trust() });
    await presentAndExpectReady(channel, identity, field.now());
    return channel;
  };
  const older = await dial();
  older.raw().resume();
  await untilHolds(() => gateway.changes.length === 1);
  await dial();
  await untilHolds(() => gateway.changes.length === 3);
  assert.deepEqual(gateway.changes, ['zurich-connector-1 here', 'zurich-connector-1 here', 'zurich-connector-1 gone']);
  assert.equal(gateway.registry.all().length, 1);
  await gateway.close();
});

test('a caller whose statement needs the next root of trust brings it along', async () => {
  const own = await field.component('gateway', 'gateway-7');
  const gateway = await accepting(own, ANY);
  const { world } = field;
  const trustRole = componentSigner(newEd25519());
  const roles = { ...world.bundle.roles, trust: [trustRole.publicKey, world.trustRole.publicKey] };
  const next = signBundle({ ...world.bundle, version: 2, roles }, world.roots.slice(0, 2));
  const connector = identityOf(await field.component('connector', 'zurich-connector-1', 'zurich'));
  const sign = connector.signer.publicKey;
  connector.hear({ rootBundles: [next] });
  const caller = { ...connector, statement: () => stateThat(trustRole, { role: 'connector', id: connector.id, location: 'zurich', sign }) };
  const channel = await field.open(gateway.address, { roles: ['gateway'] }, { trust: connector.trust() });
  await presentAndExpectReady(channel, caller, field.now());
  assert.equal(own.trust().bundle.version, 2);
  await untilHolds(() => gateway.registry.get('zurich-connector-1') !== undefined);
  channel.close();
  await gateway.close();
});

test('a component of another role or location is refused', async () => {
  const gateway = await accepting(await field.component('gateway', 'gateway-7'), ANY);
  for (const [role, location] of [
    ['session-host', 'zurich'],
    ['connector', 'bern'],
  ] as const) {
    const identity = identityOf(await field.component(role, 'intruder', location));
    const channel = await field.open(gateway.address, { roles: ['gateway'] }, { trust: identity.trust() });
    await assert.rejects(presentAndExpectReady(channel, identity, field.now()), refusedWith('untrusted_peer'));
  }
  await gateway.close();
});
