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

test('what is left of a cancelled launch does not end the next one', async () => {
  const model = openModel({
    ...initialState(
      { session: () => known, unsure: () => false, devicesSeen: () => 0, theme: () => 'system', singleKeys: () => true },
      NOW,
    ),
  });
  const { asked, extension } = hungHost();
  const never = (): Promise<never> => new Promise(() => {});
  const workspace = { session: never, feed: never, launch: never, device: never, pageToken: never, signOut: never };
  const host = { refresh: never, thumbprint: never, failed: () => {} };
  const launching = driveLaunches({ model, clock, workspace, extension, log: openLog(clock.now) }, host, () => {});

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
