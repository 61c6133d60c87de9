/** From a sign-in to leases and their removal, as a portal page does it: real services, the native host's real dispatch, a folder of its own. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';
import * as v from 'valibot';
import { HOST, type HostMessage, type HostRequestType } from '#protocol/host';
import { Signed } from '#protocol/lease';
import { LIMITS, VERSION } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import { DeviceReply } from '#protocol/workspace-api';
import { openDispatch } from '../../native-host/dispatch.ts';
import { refusedWith } from '../refused-with.ts';
import { signIn } from '../services/person.ts';
import { MARA, PASSWORD, startWholeCloud } from '../services/whole-cloud.ts';
import { untilHolds } from '../until.ts';
import { EXTENSION, newHome, PROFILE } from './device.ts';

test('B-L3b the Workspace names the person, the issuer signs their leases, and signing out takes both away', async (t) => {
  const cloud = await startWholeCloud(t);
  const { session, post } = await signIn(t, cloud, MARA, PASSWORD);
  const home = await newHome();
  t.after(() => rm(home, { recursive: true, force: true }));
  const ending = new AbortController();
  t.after(() => ending.abort());
  const sent: HostMessage[] = [];
  const workspace = cloud.origin;
  const config = {
    v: 1 as const,
    workspaces: [{ url: workspace, name: 'Contoso', trustFirstRoot: true as const }],
    extensions: [EXTENSION],
    viewers: {},
  };
  const dispatch = await openDispatch(
    { home, config },
    (message) => void sent.push(message),
    ending.signal,
    () => PROFILE,
  );
  const ask = async <K extends HostRequestType>(type: K, body: object): Promise<v.InferOutput<(typeof HOST)[K]['reply']>> =>
    v.parse(HOST[type].reply, await dispatch({ v: VERSION.host, id: 1, type, body: { workspace, ...body } }));

  const { subject } = session.user;
  const nonce = session.deviceNonce;
  await assert.rejects(ask('describeDevice', { subject, nonce }), refusedWith('not_signed_in'));
  const { challenge } = await ask('challenge', {});
  const named = await post('/api/v1/page-token', { challenge });
  assert.deepEqual(await ask('bind', parseJson(Signed, named.text, LIMITS.requestBodyBytes)), { subject });

  const { sign, enc, claimsHardware, proof } = await ask('describeDevice', { subject, nonce });
  const registered = await post('/api/v1/devices', { sign, enc, claimsHardware, proof });
  const { token } = parseJson(DeviceReply, registered.text, LIMITS.requestBodyBytes);
  assert.equal((await ask('sync', { subject, userName: session.user.name, token })).started, true);
  await untilHolds(() => sent.some((message) => 'event' in message && message.event === 'sync' && message.status.state !== 'running'));
  const { items, sync } = await ask('leases', { subject });
  assert.equal(sync.state, 'succeeded', JSON.stringify(sync));
  assert.deepEqual(
    items.map(({ resource, state }) => `${resource.id} ${state}`),
    ['terminal valid', 'archive valid'],
  );

  assert.deepEqual(await ask('signOut', { subject }), { deleted: 2 });
  await assert.rejects(ask('leases', { subject }), refusedWith('not_signed_in'));
});
