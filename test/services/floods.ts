/** Floods of the real services, from sources of their own, and what honest callers ask meanwhile: for the test and for the bench. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { CLOUD } from '#protocol/cloud-api';
import { HEALTH_PATH } from '#protocol/feed';
import type { SiteDocument } from '#protocol/site-document';
import { encodeFrame } from '#runtime/channel/frames';
import { cloudCall } from '#runtime/http/cloud-client';
import { newId } from '#runtime/jose/sign';
import type { Endings } from '../../cli/up/endings.ts';
import type { Flood } from '../flood.ts';
import { openBrowser } from './cookie-browser.ts';
import { signIn } from './person.ts';
import { MARA, PASSWORD, startWholeCloud, type WholeCloud } from './whole-cloud.ts';
import { attached, type Field, granted, openField, presentTicket } from './whole-location.ts';

/** All services of a small site and its location, in this process. */
export interface Flooded {
  readonly cloud: WholeCloud;
  readonly field: Field;
  /** Requests of honest callers, by what is asked. One throws when it is refused; where it has a deadline of its own, this is it, in ms. */
  readonly honest: Readonly<Record<string, (deadlineMs: number) => Promise<unknown>>>;
}

/** They end with `endings`. */
export async function openFlooded(endings: Endings): Promise<Flooded> {
  const cloud = await startWholeCloud(endings);
  const field = await openField({ room: { sessions: 10_000 }, change: openToStaff });
  endings.after(() => field.close());
  await field.settled();
  return { cloud, field, honest: await honestCallers(endings, cloud, field) };
}

/** To as many people as there are launches: each has a share of them. */
function openToStaff(site: SiteDocument): SiteDocument {
  return { ...site, resources: site.resources.map((one) => ({ ...one, entitled: { users: [], groups: ['Staff'] } })) };
}

/** Where a flood meets an HTTP listener. */
export function listenerAt(url: string): Pick<Flood, 'at' | 'host'> {
  const { host, port } = new URL(url);
  return { at: { host: '127.0.0.1', port: Number(port) }, host };
}

async function honestCallers(endings: Endings, cloud: WholeCloud, field: Field): Promise<Flooded['honest']> {
  const { connector, issuer, root } = cloud;
  const person = await signIn(endings, cloud, MARA, PASSWORD);
  const visitor = openBrowser(endings);
  const answers = (path: string) => async () => assert.equal((await person.get(path)).status, 200);
  return {
    'the Workspace’s health': answers(HEALTH_PATH),
    'the Workspace’s trust': answers('/.well-known/holdfast/trust'),
    'a person’s session': answers('/api/v1/session'),
    'the identity provider’s description of itself, by which it is probed': async () =>
      assert.equal((await visitor.ask(`${issuer}/.well-known/openid-configuration`)).status, 200),
    'the root’s directory': (deadlineMs) => cloudCall(connector, root.ref.url, CLOUD.trust, {}, { signal: field.signal, deadlineMs }),
    'the list of blocks': async () => assert.equal((await root.admin('GET', '/v1/admin/blocks')).status, 200),
    // By ticket: with a lease a device goes elsewhere after 100 ms without a sign of life, and here all sides share one process.
    'a launch through the gateway': async (deadlineMs) => {
      const device = field.device();
      const ticket = field.ticket(device, {
        user: { subject: newId(), name: 'Somebody', upn: 'somebody@test.localhost', groups: ['Staff'] },
      });
      const channel = await field.open(field.gateway.address, { roles: ['gateway'], id: 'gateway-1' });
      const grant = granted(await channel.present(presentTicket(field, device, channel, ticket), deadlineMs));
      const { channel: session, answer } = await field.attach(device, grant, field.gateway.address);
      attached(answer);
      session.close();
    },
  };
}

const TRUST = '/.well-known/holdfast/trust';
const HELLOS = { kind: 'hellos', connections: 20 } as const;

/** By what they are made of. */
export const FLOODS: Readonly<Record<string, (at: Flooded) => Flood>> = {
  'half-sent bodies at the Workspace': ({ cloud }) => ({
    kind: 'half-sent',
    ...listenerAt(cloud.origin),
    path: '/api/v1/lease-sync',
    connections: 2_200,
  }),
  'pipelined requests at the Workspace': ({ cloud }) => ({ kind: 'pipelined', ...listenerAt(cloud.origin), path: TRUST, connections: 4 }),
  'requests one after the other at the Workspace': ({ cloud }) => ({
    kind: 'asking',
    ...listenerAt(cloud.origin),
    path: TRUST,
    connections: 100,
    from: ['127.0.0.2', '127.0.0.3'],
  }),
  'half-sent forms at the identity provider': ({ cloud }) => ({
    kind: 'half-sent',
    ...listenerAt(cloud.issuer),
    path: '/interaction/x',
    connections: 600,
  }),
  'waits at the root of trust': ({ cloud }) => ({
    kind: 'pipelined',
    ...listenerAt(cloud.root.ref.url),
    path: CLOUD.trust.path,
    tls: true,
    connections: 5,
  }),
  'hellos with news at the gateway': ({ field }) => ({ ...HELLOS, at: field.gateway.address, frame: hugeNews(field) }),
  'hellos with news at a connector': ({ field }) => ({
    ...HELLOS,
    at: field.connectors[0]?.address ?? assert.fail(),
    frame: hugeNews(field),
  }),
};

/** A list of blocks as long as a frame allows, signed by nobody: what made each hello cost 20 ms. */
function hugeNews(field: Field): string {
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
