import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HoldfastError } from '#protocol/errors';
import type { Clock } from '../../../pwa/app/clock.ts';
import { initialState } from '../../../pwa/app/initial-state.ts';
import { openLog } from '../../../pwa/app/log.ts';
import { openModel } from '../../../pwa/app/model.ts';
import { driveHost } from '../../../pwa/app/native-host.ts';
import type { Extension } from '../../../pwa/bridges/extension.ts';
import { untilHolds } from '../../until.ts';
import { sessionOf } from '../people.ts';

const clock: Clock = { now: () => 0, sinceNavigation: () => 0, chance: () => 0, after: () => () => {}, every: () => {} };
const known = sessionOf('mara-keller-1', 'Mara Keller', 'https://workspace.example');

const never = (): Promise<never> => new Promise(() => {});
const workspace = { session: never, feed: never, launch: never, device: never, pageToken: never, signOut: never };
const newModel = () =>
  openModel(
    initialState({ session: () => known, unsure: () => false, devicesSeen: () => 0, theme: () => 'system', singleKeys: () => true }, 0),
  );

test('a host that knows another person has nothing for this one, and is no broken host', async () => {
  const model = newModel();
  const ask = (): Promise<never> => Promise.reject(new HoldfastError('not_signed_in', { reason: 'not-bound' }));
  const extension = { present: true, arrives: Promise.resolve(), ask };
  const host = driveHost({ model, clock, workspace, extension, log: openLog(clock.now) }, { listed: () => {}, found: () => {} });
  await host.refresh();
  assert.deepEqual([model.state.host, model.state.leases, model.state.sessions], [{ path: 'ready', error: undefined }, new Map(), []]);
});

test('what a save brought is listed anew, and until then nothing is called missing', async () => {
  const model = newModel();
  const listings: ((held: number) => void)[] = [];
  const one = { resource: { feed: 'apps', id: 'ledger' }, name: 'Ledger', kind: 'app', protocol: 'rdp', state: 'valid', iat: 0, exp: 1 };
  const ask = ((type: string) =>
    type === 'sessions'
      ? Promise.resolve({ sessions: [] })
      : new Promise<unknown>((resolve) => {
          const page = { reachability: [], refusals: [], sync: { state: 'succeeded' } };
          listings.push((held) => resolve({ ...page, items: held === 0 ? [] : [{ ...one, locations: [] }] }));
        })) as Extension['ask'];
  const extension: Extension = { present: true, arrives: Promise.resolve(), ask };
  const host = driveHost({ model, clock, workspace, extension, log: openLog(clock.now) }, { listed: () => {}, found: () => {} });
  const early = host.refresh();
  host.take({
    event: 'sync',
    workspace: 'https://workspace.example',
    subject: known.user.subject,
    status: { state: 'succeeded' },
  });
  listings[0]?.(0);
  await early;
  assert.deepEqual([model.state.leases?.size, model.state.saving], [0, true]);
  await untilHolds(() => listings.length === 2);
  listings[1]?.(1);
  await untilHolds(() => model.state.leases?.size === 1 && !model.state.saving);
});
