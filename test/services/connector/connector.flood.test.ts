/** An attack with ordinary devices: so many launches at once that a connector would take its healthy broker for gone. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { readJws } from '#core/trust/jws';
import { TYP } from '#protocol/jose';
import type { User } from '#protocol/primitives';
import { Statement } from '#protocol/trust';
import { openChannel, systemSeconds } from '#runtime/channel/client';
import { nodeCrypto } from '#runtime/jose/primitives';
import { openMetrics } from '#runtime/metrics/metrics';
import { BROKER_PATIENCE } from '../../../services/connector/brokering.ts';
import { serveConnector } from '../../../services/connector/connector.ts';
import { serveSessionHost } from '../../../services/session-host/session-host.ts';
import { SILENT } from '../../log.ts';
import { until } from '../../until.ts';
import { newDevice, ticketClaims } from '../../vectors/world.ts';
import { startBroker } from '../broker-in-process.ts';
import { startRoot, urlOf } from '../service-in-process.ts';
import { importFirst } from '../site-admin.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { untilWell } from '../until-well.ts';
import { SITE } from '../whole-cloud.ts';
import { HERE, proofOn } from '../whole-location.ts';

const ANY = { host: HERE, port: 0 };
const person = (name: string): User => ({ subject: `subject-of-${name}`, name, upn: `${name}@test.localhost`, groups: ['Staff'] });

/** A broker, a connector and a session host that know each other, and a way to launch the terminal by ticket. */
async function location(t: TestContext) {
  const root = await startRoot(t);
  const { running: broker, config } = await startBroker(t, root);
  await importFirst(broker, config.dataDir, { ...SITE, gateways: [] });
  const ending = new AbortController();
  const base = () => ({ signal: ending.signal, log: SILENT, metrics: openMetrics(), nowMs: () => performance.now() });
  const component = await root.component('connector', 'zurich-1', 'zurich');
  const dataDir = await temporaryFolder(t);
  const connector = await serveConnector({
    ...base(),
    component,
    location: 'zurich',
    listen: ANY,
    broker: urlOf(broker),
    dataDir,
    // Broker, connector and devices share this process: it is late with everything, and only its own second counts.
    patience: { ...BROKER_PATIENCE, mostMs: 60_000 },
  });
  const host = await serveSessionHost({
    ...base(),
    component: await root.component('session-host', 'host-1', 'zurich'),
    config: {
      dataDir: await temporaryFolder(t),
      location: 'zurich',
      address: ANY,
      listen: ANY,
      connectors: [{ id: 'zurich-1', address: connector.address }],
      servers: [{ protocol: 'ssh', target: { host: HERE, port: 9 }, signOn: { kind: 'ask' } }],
      maxSessions: 500,
    },
  });
  t.after(async () => {
    ending.abort();
    await Promise.all([connector.stop(), host.stop()]);
  });
  await untilWell([connector, host]);
  const tickets = await root.component('tickets', 'tickets');

  /** Opens a connection; the result launches over it: who signed the grant, or the refusal. */
  const prepare = async (user: User, device = newDevice()) => {
    const expected = { roles: ['connector'], id: 'zurich-1', location: 'zurich' } as const;
    const at = { address: connector.address, deadlineMs: 30_000, signal: ending.signal };
    const channel = await openChannel({ ...at, trust: component.trust(), expected });
    // Dated after the connector's start, within the skew that clocks are allowed.
    const iat = systemSeconds() + 5;
    const resource = { feed: 'apps', id: 'terminal', name: 'Terminal', kind: 'app', protocol: 'ssh' } as const;
    const claims = ticketClaims(device, {
      tenant: 'test',
      aud: 'zurich-1',
      user,
      resource,
      deliveryGroup: 'terminals',
      iat,
      exp: iat + 90,
    });
    const ticket = tickets.signer.sign(TYP.ticket, claims);
    const shown = { ticket, statement: tickets.statement(), location: 'zurich', key: device.signer.publicKey };
    const proof = proofOn(channel, device, 'launch', ticket, systemSeconds());
    return async (): Promise<string> => {
      const answer = await channel.present(
        { type: 'present', op: 'launch', mode: 'ticket', correlationId: '7f3a91c2', proof, ...shown },
        30_000,
      );
      if (answer.type === 'refusal') return `refused ${answer.error.code}`;
      assert.ok(answer.type === 'grant');
      const signer = readJws(nodeCrypto, answer.statement, TYP.statement, Statement);
      assert.ok(signer.ok);
      return `granted by ${signer.value.unverified.role}`;
    };
  };
  const launch = async (user: User) => (await prepare(user))();
  await until('the broker knows the session host', async () => (await launch(person('early'))) === 'granted by broker');
  return { prepare, launch };
}

for (const people of [1, 8]) {
  test(`96 launches at once by ${people} of the site’s people are no outage: the next person is brokered by the broker`, async (t) => {
    const { prepare, launch } = await location(t);
    const devices = Array.from({ length: people }, (_, n) => ({ user: person(`attacker-${n}`), device: newDevice() }));
    const each = Array.from({ length: 96 / people }, () => devices).flat();
    const prepared = await Promise.all(each.map(({ user, device }) => prepare(user, device)));
    const outcomes = await Promise.all(prepared.map((present) => present()));
    assert.deepEqual([...new Set(outcomes)].sort(), ['granted by broker', 'refused too_many']);
    assert.ok(outcomes.filter((one) => one === 'granted by broker').length <= 30 * people);
    assert.equal(await launch(person('victim')), 'granted by broker');
  });
}
