import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { FastifyRequest } from 'fastify';
import { openJws } from '#core/trust/jws';
import { TYP } from '#protocol/jose';
import { JoinToken } from '#protocol/trust';
import { nodeCrypto } from '#runtime/jose/primitives';
import { openAuthority } from '../../../../services/root-of-trust/authority.ts';
import { holdCeremony } from '../../../../services/root-of-trust/ceremony.ts';
import { makeJoinToken } from '../../../../services/root-of-trust/handlers/join-token.ts';
import { openStore } from '../../../../services/root-of-trust/store.ts';
import { SILENT } from '../../../log.ts';
import { refusedWith } from '../../../refused-with.ts';
import { DAY, NOW } from '../../../vectors/world.ts';
import { testDatabase } from '../../database.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

async function maker(t: TestContext) {
  const { roleKeys: keys } = await holdCeremony({ dir: join(await temporaryFolder(t), 'ceremony'), tenant: 'contoso' });
  const store = await openStore(await testDatabase(t), SILENT);
  t.after(() => store.close());
  const authority = await openAuthority({ keys });
  const clock = { seconds: NOW };
  const handle = makeJoinToken({ authority, store, now: () => clock.seconds, log: SILENT });
  const make = (body: object) => handle({ id: '7f3a91c2', body } as FastifyRequest);
  const kept = async () => (await store.sql.selectFrom('root_join_token').select('id').orderBy('id').execute()).map(({ id }) => id);
  return { clock, make, kept, keys: [authority.current().trust.publicKey] };
}

test('B-L6a a join token is for one component of one role and location, for as many minutes as were asked', async (t) => {
  const { make, keys } = await maker(t);
  const { joinToken, expires } = await make({ role: 'connector', id: 'zurich-1', location: 'zurich', minutes: 5 });
  const said = openJws(nodeCrypto, joinToken, TYP.join, JoinToken, keys);
  assert.ok(said.ok);
  const { jti, ...claims } = said.value;
  assert.match(jti, /^[\w-]{22}$/u);
  assert.deepEqual(claims, { tenant: 'contoso', role: 'connector', id: 'zurich-1', location: 'zurich', exp: NOW + 300 });
  assert.equal(expires, NOW + 300);
  assert.equal((await make({ role: 'gateway', id: 'gateway-1' })).expires, NOW + 3_600, 'an hour where nothing is said');
});

test('connectors and session hosts belong to a location, others to none', async (t) => {
  const { make, kept } = await maker(t);
  for (const role of ['connector', 'session-host']) await assert.rejects(make({ role, id: 'one' }), refusedWith('bad_request'));
  await assert.rejects(make({ role: 'gateway', id: 'one', location: 'zurich' }), refusedWith('bad_request'));
  assert.deepEqual(await kept(), []);
  await make({ role: 'session-host', id: 'one', location: 'zurich' });
  assert.deepEqual(await kept(), ['one']);
});

test('tokens stay while others are made, and are forgotten a day after their end', async (t) => {
  const { clock, make, kept } = await maker(t);
  await make({ role: 'gateway', id: 'early', minutes: 1 });
  await make({ role: 'gateway', id: 'late', minutes: 2 });
  clock.seconds = NOW + 60 + DAY;
  await make({ role: 'gateway', id: 'next' });
  assert.deepEqual(await kept(), ['early', 'late', 'next']);
  clock.seconds += 1;
  await make({ role: 'gateway', id: 'other' });
  assert.deepEqual(await kept(), ['late', 'next', 'other']);
});
