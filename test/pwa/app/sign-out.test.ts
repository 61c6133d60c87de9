/** The person's own sign-out, and what it is said to have done (B-W10). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LeaseState } from '#protocol/host';
import { initialState } from '../../../pwa/app/initial-state.ts';
import { openLog } from '../../../pwa/app/log.ts';
import { type AppState, NOTHING_OF_A_PERSON, openModel } from '../../../pwa/app/model.ts';
import { signOut } from '../../../pwa/app/sign-out.ts';
import type { Extension } from '../../../pwa/bridges/extension.ts';
import { sessionOf } from '../people.ts';

const session = sessionOf('mara-keller-1', 'Mara Keller', 'https://workspace.example');
const lease: LeaseState = {
  resource: { feed: 'apps', id: 'ledger' },
  name: 'Ledger',
  kind: 'app',
  protocol: 'rdp',
  state: 'valid',
  iat: 0,
  exp: 1,
  locations: [],
};

/** What is said after a sign-out, and what was kept for after the provider's own. `deleted`: the host's word; undefined: no answer. */
async function saidAfter(deleted: number | undefined, held: number): Promise<string | undefined> {
  return (await stateAfter(deleted, held)).signedOut;
}

async function stateAfter(deleted: number | undefined, held: number, before: Partial<AppState> = {}): Promise<AppState> {
  const local = {
    session: () => session,
    unsure: () => false,
    devicesSeen: () => 0,
    theme: () => 'system' as const,
    singleKeys: () => true,
    keepSession: () => {},
    keepLeaving: () => {},
    keepSignedOut: () => assert.fail('Nothing leaves the page here.'),
  };
  const leases = new Map(Array.from({ length: held }, (_, index) => [String(index), lease]));
  const model = openModel({ ...initialState(local, 0), leases, ...before });
  const ask = (() => (deleted === undefined ? Promise.reject(new Error('no answer')) : Promise.resolve({ deleted }))) as Extension['ask'];
  const extension: Extension = { present: true, arrives: Promise.resolve(), ask };
  const never = (): Promise<never> => new Promise(() => {});
  const workspace = { session: never, feed: never, launch: never, device: never, pageToken: never, signOut: never };
  const meanwhile: AppState['signedOut'][] = [];
  const copies = { removeAll: async () => void meanwhile.push(model.state.signedOut) };
  await signOut(
    { model, clock: { now: () => 0 }, workspace, extension, copies, local, log: openLog(() => 0) },
    { close: () => {} },
    {
      tell: () => {},
    },
  );
  assert.deepEqual(meanwhile, ['under-way'], 'until then it is told that it goes on');
  return model.state;
}

test('B-W10e after a sign-out it is said what the host did with the access saved on this device', async () => {
  assert.equal(await saidAfter(5, 5), 'removed');
  assert.equal(await saidAfter(0, 5), 'kept');
  assert.equal(await saidAfter(0, 0), 'nothing-saved');
  assert.equal(await saidAfter(undefined, 5), 'unanswered');
});

test('after a sign-out nothing of the person is left for the next one', async () => {
  const state = await stateAfter(5, 5, {
    ownDevice: 'thumbprint',
    favourites: new Set(['apps/ledger']),
    groupsNoticeAway: true,
    kept: { shell: true, lists: new Set(['apps']) },
  });
  assert.deepEqual([state.known, state.session], [undefined, undefined]);
  for (const [name, value] of Object.entries(NOTHING_OF_A_PERSON)) assert.deepEqual(Reflect.get(state, name), value, name);
});
