/** Floods against the real services, from sources of their own. Meanwhile honest callers are neither refused nor late. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { CLOUD } from '#protocol/cloud-api';
import { HEALTH_PATH } from '#protocol/feed';
import { encodeFrame } from '#runtime/channel/frames';
import { cloudCall } from '#runtime/http/cloud-client';
import { openEndings } from '../../cli/up/endings.ts';
import { type Flood, startFlood } from '../flood.ts';
import { patience } from '../patience.ts';
import { type Browser, openBrowser } from './cookie-browser.ts';
import { type Person, signIn } from './person.ts';
import { MARA, PASSWORD, startWholeCloud, type WholeCloud } from './whole-cloud.ts';
import { attached, type Field, granted, openField, presentLease } from './whole-location.ts';

/** ms: of the deadlines for what is asked here the shortest, that of a launch file (launches.ts) */
const DEADLINE_MS = 1_200;
const ROUNDS = 12;

const endings = openEndings();
let cloud: WholeCloud;
let person: Person;
let visitor: Browser;
let field: Field;
before(async () => {
  cloud = await startWholeCloud(endings);
  person = await signIn(endings, cloud, MARA, PASSWORD);
  visitor = openBrowser(endings);
  field = await openField();
  await field.settled();
});
after(async () => {
  await field.close();
  await endings.end();
});

const listener = (url: string): Pick<Flood, 'at' | 'host'> => ({
  at: { host: '127.0.0.1', port: Number(new URL(url).port) },
  host: new URL(url).host,
});
const status = async (path: string) => (await person.get(path)).status;
const HONEST: Readonly<Record<string, () => Promise<unknown>>> = {
  'the Workspace’s health': async () => assert.equal(await status(HEALTH_PATH), 200),
  'the Workspace’s trust': async () => assert.equal(await status('/.well-known/holdfast/trust'), 200),
  'a person’s session': async () => assert.equal(await status('/api/v1/session'), 200),
  'the identity provider’s description of itself, by which it is probed': async () =>
    assert.equal((await visitor.ask(`${cloud.issuer}/.well-known/openid-configuration`)).status, 200),
  'the root’s directory': () =>
    cloudCall(cloud.connector, cloud.root.ref.url, CLOUD.trust, {}, { signal: field.signal, deadlineMs: patience(DEADLINE_MS) }),
  'the list of blocks': async () => assert.equal((await cloud.root.admin('GET', '/v1/admin/blocks')).status, 200),
  'a launch through the gateway': async () => {
    const device = field.device();
    const channel = await field.open(field.gateway.address, { roles: ['gateway'], id: 'gateway-1' });
    const grant = granted(await channel.present(presentLease(field, device, channel), patience(DEADLINE_MS)));
    const { channel: session, answer } = await field.attach(device, grant, field.gateway.address);
    attached(answer);
    session.close();
  },
};

/** A list of blocks as long as a frame allows, signed by nobody: what made each hello cost 20 ms. */
function hugeNews(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const kid = field.world.revoker.kid;
  const entries = Array.from({ length: 1_000 }, (_, n) => ({
    target: { kind: 'device', jkt: 'A'.repeat(43) },
    from: n,
    until: n,
    forget: n,
  }));
  const list = [
    part({ alg: 'EdDSA', typ: 'holdfast-revocations+jwt', kid }),
    part({ version: 9e15, iat: field.now(), entries }),
    randomBytes(64).toString('base64url'),
  ].join('.');
  const present = {
    ...{ type: 'present', op: 'launch', mode: 'lease', correlationId: '7f3a91c2', rootVersion: 1, listVersion: 1 },
    ...{ key: field.device().signer.publicKey, proof: 'eyJ.eyJ.AA', lease: { metadata: 'eyJ.eyJ.AA', common: 'x', location: 'y' } },
    ...{ location: 'zurich', news: { revocations: list } },
  };
  return encodeFrame(present).toString('base64');
}

const FLOODS: Readonly<Record<string, () => Flood>> = {
  'half-sent bodies at the Workspace': () => ({
    kind: 'half-sent',
    ...listener(cloud.origin),
    path: '/api/v1/lease-sync',
    connections: 2_200,
  }),
  'pipelined requests at the Workspace': () => ({
    kind: 'pipelined',
    ...listener(cloud.origin),
    path: '/.well-known/holdfast/trust',
    connections: 4,
  }),
  'requests one after the other at the Workspace': () => ({
    kind: 'asking',
    ...listener(cloud.origin),
    path: '/.well-known/holdfast/trust',
    connections: 100,
    from: ['127.0.0.2', '127.0.0.3'],
  }),
  'half-sent forms at the identity provider': () => ({
    kind: 'half-sent',
    ...listener(cloud.issuer),
    path: '/interaction/x',
    connections: 600,
  }),
  'waits at the root of trust': () => ({
    kind: 'pipelined',
    ...listener(cloud.root.ref.url),
    path: CLOUD.trust.path,
    tls: true,
    connections: 5,
  }),
  'hellos with news at the gateway': () => ({ kind: 'hellos', at: field.gateway.address, connections: 20, frame: hugeNews() }),
  'hellos with news at a connector': () => ({
    kind: 'hellos',
    at: field.location.connectors[0]?.address ?? field.gateway.address,
    connections: 20,
    frame: hugeNews(),
  }),
};

async function withinDeadline(what: string, ask: () => Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const deadline = patience(DEADLINE_MS);
  const timer = setTimeout(() => late.reject(new Error(`${what}: no answer within ${deadline} ms`)), deadline);
  try {
    await Promise.race([ask(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

describe('B-S1h, B-S2a while one source floods, no other is refused or late, and health is answered', () => {
  for (const [name, flood] of Object.entries(FLOODS)) {
    test(`under ${name} no honest request is refused, and each is answered within its deadline`, async () => {
      const running = await startFlood(flood());
      try {
        for (let round = 0; round < ROUNDS; round++) {
          for (const [what, ask] of Object.entries(HONEST)) await withinDeadline(what, ask);
        }
      } finally {
        await running.stop();
      }
    });
  }
});

test('a block is made at once, however many anonymous callers ask to wait for it', async () => {
  const running = await startFlood({
    kind: 'asking',
    ...listener(cloud.root.ref.url),
    path: CLOUD.trust.path,
    tls: true,
    connections: 100,
  });
  try {
    await withinDeadline('a block', async () => {
      const target = { kind: 'device', jkt: 'A'.repeat(43) };
      const made = await cloud.root.admin('POST', '/v1/admin/blocks', { target, days: 1, anyway: true });
      assert.equal(made.status, 200);
    });
  } finally {
    await running.stop();
  }
});
