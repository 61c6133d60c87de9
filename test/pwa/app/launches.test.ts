import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HoldfastError } from '#protocol/errors';
import type { Clock } from '../../../pwa/app/clock.ts';
import { initialState } from '../../../pwa/app/initial-state.ts';
import { driveLaunches } from '../../../pwa/app/launches.ts';
import { openLog } from '../../../pwa/app/log.ts';
import { openModel } from '../../../pwa/app/model.ts';
import type { Item } from '../../../pwa/view/list.ts';
import { PUBLISHED, sessionOf } from '../people.ts';

const NOW = 1_000;
const clock: Clock = { now: () => NOW, sinceNavigation: () => 0, chance: () => 0, after: () => () => {}, every: () => {} };
const known = sessionOf('mara-keller-1', 'Mara Keller', 'https://workspace.example');
const [resource] = PUBLISHED;
assert.ok(resource !== undefined);
const item: Item = { ref: { feed: 'apps', id: resource.id }, key: `apps/${resource.id}`, resource, opens: { can: 'wait' } };

/** A host that hangs: the test ends each request itself. */
function hungHost() {
  const asked: { readonly type: string; readonly end: () => void }[] = [];
  const ask = (type: string): Promise<never> =>
    new Promise((_, reject) => asked.push({ type, end: () => reject(new HoldfastError('host_crashed')) }));
  return { asked, extension: { present: true, arrives: Promise.resolve(), ask } };
}

/** Launches of a page whose host is `extension`. `waits`: the deadlines that it set, milliseconds. */
function launchesOf(extension: Parameters<typeof driveLaunches>[0]['extension']) {
  const model = openModel({
    ...initialState(
      { session: () => known, unsure: () => false, devicesSeen: () => 0, theme: () => 'system', singleKeys: () => true },
      NOW,
    ),
  });
  const waits: number[] = [];
  const timed: Clock = {
    ...clock,
    after: (ms) => {
      waits.push(ms);
      return () => {};
    },
  };
  const never = (): Promise<never> => new Promise(() => {});
  const workspace = { session: never, feed: never, launch: never, device: never, pageToken: never, signOut: never };
  const host = { refresh: never, thumbprint: never, failed: () => {} };
  return { model, waits, launching: driveLaunches({ model, clock: timed, workspace, extension, log: openLog(clock.now) }, host, () => {}) };
}

test('what is left of a cancelled launch does not end the next one', async () => {
  const { asked, extension } = hungHost();
  const { model, launching } = launchesOf(extension);
  const shown = () => model.state.launch;

  launching.open(item);
  launching.cancel();
  const correlationId = shown()?.correlationId ?? '';
  const error = { code: 3024 } as const;
  launching.take({
    event: 'launch',
    workspace: known.workspace.origin,
    subject: known.user.subject,
    resource: item.ref,
    correlationId,
    phase: 'ended',
    mode: 'lease',
    error,
  });
  assert.equal(shown(), undefined);
  launching.open(item);
  assert.deepEqual(
    asked.map(({ type }) => type),
    ['launch', 'cancel', 'launch'],
  );
  for (const { end } of asked.slice(0, 2)) end();
  await new Promise(setImmediate);
  assert.equal(shown()?.end, undefined);
  asked[2]?.end();
  await new Promise(setImmediate);
  assert.equal(shown()?.end?.is, 'failed');
});

/** A session of the item that runs already. */
const running = {
  session: 'AAAAAAAAAAAAAAAAAAAAAA',
  resource: item.ref,
  name: 'Ledger',
  protocol: 'rdp',
  sessionHost: 'zurich-host-1',
  location: 'zurich',
  route: 'direct',
  mode: 'lease',
  since: NOW,
  viewer: 'FreeRDP',
  correlationId: '7f3a-91c2-0000',
} as const;

test('what runs already is opened once more, and that is said', () => {
  const { model, launching } = launchesOf(hungHost().extension);
  launching.open(item);
  assert.equal(model.state.launch?.again, false);
  launching.close();
  model.set({ sessions: [running] });
  launching.open(item);
  assert.equal(model.state.launch?.again, true);
});

test('B-N9e the page waits as long as the host does for a person whom the viewer asks', () => {
  const { model, waits, launching } = launchesOf(hungHost().extension);
  launching.open(item);
  const event = {
    event: 'launch',
    workspace: known.workspace.origin,
    subject: known.user.subject,
    resource: item.ref,
    correlationId: model.state.launch?.correlationId ?? '',
    phase: 'opening',
    mode: 'lease',
    detail: 'FreeRDP',
  } as const;
  launching.take(event);
  assert.equal(waits.at(-1), 60_000);
  launching.take({ ...event, asks: true });
  assert.equal(waits.at(-1), 330_000);
});
