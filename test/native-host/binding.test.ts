/** A page is bound to the signed-in person by the Workspace's signature: every request goes through the real dispatch, as from the extension. */
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import * as v from 'valibot';
import { HOST, type HostMessage, type HostRequestType, type RunningSession } from '#protocol/host';
import { TYP } from '#protocol/jose';
import { LIMITS, VERSION } from '#protocol/limits';
import type { PageToken } from '#protocol/workspace-api';
import { openDispatch } from '../../native-host/dispatch.ts';
import { recordSession, runningSessions } from '../../native-host/session/record.ts';
import { folderNameOf } from '../../native-host/vault/names.ts';
import { refusedWith } from '../refused-with.ts';
import { MARA, NOW, newWorld, TENANT, WORKSPACE } from '../vectors/world.ts';
import { EXTENSION, OWNER, openDevice, PROFILE, saveLeases, type TestDevice } from './device.ts';

const world = newWorld();
const workspace = world.component('workspace', 'workspace-1');
const BOB = { workspace: WORKSPACE, subject: 'bob-9876543210' };
const OTHER_PROFILE = 'another-profile-000001';

let device: TestDevice;
let ending: AbortController;
let sent: HostMessage[];
let host: Awaited<ReturnType<typeof served>>;
beforeEach(async () => {
  device = await openDevice();
  await device.host.trust.meet(WORKSPACE, {
    rootBundle: world.signedBundle,
    revocations: world.listToken(),
    statement: workspace.statement,
  });
  ending = new AbortController();
  sent = [];
  host = await served();
});
afterEach(async () => {
  ending.abort();
  await device.end();
});

/** A host process of this profile over the device's folder. */
async function served(profile = PROFILE) {
  const config = { v: 1 as const, workspaces: [{ url: WORKSPACE, name: 'Contoso' }], extensions: [EXTENSION], viewers: {} };
  const dispatch = await openDispatch(
    { home: device.home, config },
    (message) => void sent.push(message),
    ending.signal,
    () => profile,
  );
  let id = 0;
  const ask = async <K extends HostRequestType>(type: K, body: object): Promise<v.InferOutput<(typeof HOST)[K]['reply']>> => {
    id += 1;
    return v.parse(HOST[type].reply, await dispatch({ v: VERSION.host, id, type, body }));
  };
  return { ask, challenge: async () => (await ask('challenge', { workspace: WORKSPACE })).challenge };
}

function named(challenge: string, change: Partial<PageToken> = {}, by = workspace) {
  const token: PageToken = { aud: WORKSPACE, tenant: TENANT, sub: MARA.subject, name: MARA.name, challenge, iat: NOW, ...change };
  return { workspace: WORKSPACE, token: by.signer.sign(TYP.pageToken, token), statement: by.statement };
}
const bind = async (subject: string, at = host) => at.ask('bind', named(await at.challenge(), { sub: subject }));
const keyFolders = async () => (await readdir(device.home)).filter((name) => /^[0-9a-f]{64}$/u.test(name));

const resource = { feed: 'apps', id: 'ledger' };
const REQUESTS: Partial<Record<HostRequestType, object>> = {
  describeDevice: { nonce: 'n'.repeat(22) },
  sync: { userName: 'X', token: 'a.b.c' },
  leases: {},
  launch: { resource, correlationId: 'aaaa0001' },
  cancel: { correlationId: 'aaaa0001' },
  sessions: {},
  signOut: {},
};

describe('B-N13d a page is heard for the person whom the Workspace named last in its profile', () => {
  test('every request that names a person is covered here', () => {
    const namesPerson = Object.entries(HOST).flatMap(([type, { request }]) => ('subject' in request.entries ? [type] : []));
    assert.deepEqual(namesPerson.sort(), Object.keys(REQUESTS).sort());
  });

  for (const [type, body] of Object.entries(REQUESTS) as [HostRequestType, object][]) {
    test(`"${type}" is refused before anybody is bound, and for anybody but the person who is`, async () => {
      await assert.rejects(host.ask(type, { ...OWNER, ...body }), refusedWith('not_signed_in'));
      await bind(BOB.subject);
      await assert.rejects(host.ask(type, { ...OWNER, ...body }), refusedWith('not_signed_in'));
      assert.deepEqual(await keyFolders(), [], 'and nothing is made for them');
    });
  }

  test('B-N13e the person whom the Workspace names is heard, after a restart and offline too, until signing out', async () => {
    assert.deepEqual(await bind(MARA.subject), { subject: MARA.subject });
    assert.deepEqual((await host.ask('leases', OWNER)).items, []);
    const later = await served();
    assert.deepEqual((await later.ask('leases', OWNER)).items, []);
    await later.ask('signOut', OWNER);
    await assert.rejects(host.ask('leases', OWNER), refusedWith('not_signed_in'));
  });

  test('two browser profiles have a person each, and neither hears of the other', async () => {
    const other = await served(OTHER_PROFILE);
    await bind(MARA.subject);
    await bind(BOB.subject, other);
    assert.deepEqual((await host.ask('sessions', OWNER)).sessions, []);
    assert.deepEqual((await other.ask('sessions', BOB)).sessions, []);
    await assert.rejects(other.ask('sessions', OWNER), refusedWith('not_signed_in'));
    await assert.rejects(host.ask('sessions', BOB), refusedWith('not_signed_in'));
    assert.equal((await host.ask('status', { workspace: WORKSPACE })).subject, MARA.subject);
    assert.equal((await other.ask('status', { workspace: WORKSPACE })).subject, BOB.subject);
  });

  const refused = (says: string, forge: () => Promise<object>) =>
    void test(`no page is bound by ${says}`, async () => {
      await assert.rejects(host.ask('bind', await forge()), refusedWith('untrusted_peer'));
      await assert.rejects(host.ask('leases', OWNER), refusedWith('not_signed_in'));
    });
  refused('its own challenge', async () => named('c'.repeat(22)));
  refused('a challenge that was used', async () => {
    const challenge = await host.challenge();
    await host.ask('bind', named(challenge, { sub: BOB.subject }));
    return named(challenge);
  });
  refused('the challenge of another host process', async () => named(await (await served()).challenge()));
  for (const role of ['broker', 'tickets', 'lease-issuer', 'identity', 'connector'] as const) {
    refused(`the word of a ${role}`, async () => named(await host.challenge(), {}, world.component(role, 'other', 'zurich')));
  }
  refused('the Workspace of another tenant', async () =>
    named(await host.challenge(), {}, newWorld().component('workspace', 'workspace-1')),
  );
  refused('a token for another Workspace', async () => named(await host.challenge(), { aud: 'https://other.test' }));
  refused('a token with another signature', async () => {
    const [mine, bobs] = [named(await host.challenge()), named(await host.challenge(), { sub: BOB.subject })];
    return { ...mine, token: [...mine.token.split('.').slice(0, 2), bobs.token.split('.')[2]].join('.') };
  });
});

test('B-N13f the next person sees no session of the last one, ends none, and hears of none', async () => {
  const session: RunningSession = {
    session: 's'.repeat(22),
    resource,
    name: 'Ledger',
    protocol: 'rdp',
    sessionHost: 'zurich-host-1',
    location: 'zurich',
    route: 'direct',
    mode: 'lease',
    since: NOW,
    viewer: 'FreeRDP',
    correlationId: 'aaaa0002',
  };
  await recordSession(device.home, OWNER, '0123abcd', session);
  await bind(MARA.subject);
  assert.equal((await host.ask('sessions', OWNER)).sessions.length, 1);
  // One launch of hers is still under way.
  await host.ask('launch', { ...OWNER, resource, correlationId: 'aaaa0003' });
  await bind(BOB.subject);
  const heard = sent.length;
  assert.deepEqual((await host.ask('sessions', BOB)).sessions, []);
  assert.deepEqual(await host.ask('cancel', { ...BOB, correlationId: 'aaaa0002' }), { cancelled: false });
  assert.deepEqual(await host.ask('cancel', { ...BOB, correlationId: 'aaaa0003' }), { cancelled: false });
  assert.deepEqual(await host.ask('signOut', BOB), { deleted: 0 });
  assert.deepEqual(sent.slice(heard), []);
  assert.equal((await runningSessions(device.home)).length, 1, 'it goes on');
});

test('a page’s log has the lines of its own person’s launches; the whole log is for the extension alone', async () => {
  await bind(MARA.subject);
  await host.ask('launch', { ...OWNER, resource, correlationId: 'aaaa0004' });
  await bind(BOB.subject);
  await host.ask('launch', { ...BOB, resource: { feed: 'apps', id: 'atlas' }, correlationId: 'bbbb0004' });
  const linesWith = async (id: string, body: object) => (await host.ask('logs', body)).lines.filter((line) => line.includes(id)).length;
  assert.equal(await linesWith('aaaa0004', { workspace: WORKSPACE }), 0);
  assert.notEqual(await linesWith('bbbb0004', { workspace: WORKSPACE }), 0);
  assert.notEqual(await linesWith('aaaa0004', {}), 0);
  await host.ask('signOut', BOB);
  assert.deepEqual((await host.ask('logs', { workspace: WORKSPACE })).lines, []);
});

test('invented people get no keys, however many a page invents', async () => {
  for (let n = 0; n < 300; n += 1) {
    const invented = { workspace: WORKSPACE, subject: `invented-${n}`, nonce: 'n'.repeat(22) };
    await assert.rejects(host.ask('describeDevice', invented), refusedWith('not_signed_in'));
  }
  assert.deepEqual(await keyFolders(), []);
});

test('keys for one more person find room only where nobody is bound and no lease is left', async () => {
  await saveLeases(device, world, [{}]);
  const list = await readFile(join(device.home, folderNameOf(OWNER), 'manifest.json'));
  const others = Array.from({ length: LIMITS.peopleOnDevice - 1 }, (_, n) =>
    folderNameOf({ workspace: WORKSPACE, subject: `person-${n}` }),
  );
  for (const name of others) {
    await mkdir(join(device.home, name), { mode: 0o700 });
    await writeFile(join(device.home, name, 'manifest.json'), list);
  }
  await assert.rejects(bind(BOB.subject), refusedWith('too_many'));
  assert.equal((await keyFolders()).length, LIMITS.peopleOnDevice, 'and nobody loses a lease for it');
  assert.deepEqual((await host.ask('sessions', OWNER)).sessions, [], 'the person before stays bound');

  const [signedOut = ''] = others;
  await rm(join(device.home, signedOut, 'manifest.json'));
  assert.deepEqual(await bind(BOB.subject), { subject: BOB.subject });
  assert.ok(!(await keyFolders()).includes(signedOut));
  assert.equal((await keyFolders()).length, LIMITS.peopleOnDevice - 1);
});
