import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HoldfastError } from '#protocol/errors';
import type { Clock } from '../../../pwa/app/clock.ts';
import { initialState } from '../../../pwa/app/initial-state.ts';
import { openLog } from '../../../pwa/app/log.ts';
import { openModel } from '../../../pwa/app/model.ts';
import { driveHost } from '../../../pwa/app/native-host.ts';
import { sessionOf } from '../people.ts';

const clock: Clock = { now: () => 0, sinceNavigation: () => 0, chance: () => 0, after: () => () => {}, every: () => {} };
const known = sessionOf('mara-keller-1', 'Mara Keller', 'https://workspace.example');

test('B-N13 a host that knows another person has nothing for this one, and is no broken host', async () => {
  const model = openModel(
    initialState({ session: () => known, unsure: () => false, devicesSeen: () => 0, theme: () => 'system', singleKeys: () => true }, 0),
  );
  const never = (): Promise<never> => new Promise(() => {});
  const workspace = { session: never, feed: never, launch: never, device: never, pageToken: never, signOut: never };
  const ask = (): Promise<never> => Promise.reject(new HoldfastError('not_signed_in', { reason: 'not-bound' }));
  const extension = { present: true, arrives: Promise.resolve(), ask };
  const host = driveHost({ model, clock, workspace, extension, log: openLog(clock.now) }, { listed: () => {}, found: () => {} });
  await host.refresh();
  assert.deepEqual([model.state.host, model.state.leases, model.state.sessions], [{ path: 'ready', error: undefined }, new Map(), []]);
});
