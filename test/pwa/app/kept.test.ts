/** What is looked at while online, and what is done where lists are missing. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { driveKept } from '../../../pwa/app/kept.ts';
import { openModel } from '../../../pwa/app/model.ts';
import { stateWith } from '../app-state.ts';
import { sessionOf } from '../people.ts';

let now: number;
let timers: { readonly at: number; readonly run: () => void }[];
let shell: boolean;
let lists: string[];
let refreshed: number;
let broken: boolean;
/** what happens while it is looked */
let meanwhile: () => void;

const clock = {
  now: () => now,
  sinceNavigation: () => now,
  chance: () => 0,
  every: () => {},
  after(ms: number, run: () => void) {
    const timer = { at: now + ms, run };
    timers.push(timer);
    return () => {
      timers = timers.filter((one) => one !== timer);
    };
  },
};

function begin() {
  const model = openModel(stateWith({ is: 'starting', from: 'anywhere' }, { kept: undefined }));
  const look = driveKept(
    {
      model,
      clock,
      log: { say: () => {}, lines: [] },
      worker: { answers: () => true, refresh: () => void refreshed++, hearsWorkspace: async () => true },
      copies: {
        read: async () => undefined,
        kept: async () => new Set(lists),
        own: async () => 'same',
        remove: async () => {},
        removeAll: async () => {},
      },
    },
    async () => {
      if (broken) throw new Error('no storage');
      meanwhile();
      return shell;
    },
  );
  return { model, look };
}

async function pass(ms: number): Promise<void> {
  now += ms;
  const due = timers.filter(({ at }) => at <= now);
  timers = timers.filter(({ at }) => at > now);
  for (const { run } of due) run();
  await new Promise((resolve) => setImmediate(resolve));
}

beforeEach(() => {
  now = 0;
  timers = [];
  shell = true;
  lists = ['apps', 'web'];
  refreshed = 0;
  broken = false;
  meanwhile = () => {};
});

test('nothing is looked at before the portal is online, then soon', async () => {
  const { model } = begin();
  await pass(5_000);
  assert.equal(model.state.kept, undefined);
  model.set({ portal: { is: 'online' } });
  await pass(300);
  assert.deepEqual(model.state.kept, { shell: true, lists: new Set(['apps', 'web']) });
  assert.equal(refreshed, 0);
});

test('a page that is not kept yet is looked at again', async () => {
  shell = false;
  const { model } = begin();
  model.set({ portal: { is: 'online' } });
  await pass(300);
  assert.equal(model.state.kept?.shell, false);
  shell = true;
  await pass(2_000);
  assert.equal(model.state.kept?.shell, true);
});

test('missing lists are fetched by the worker, at most once a minute', async () => {
  lists = ['apps'];
  const { model, look } = begin();
  model.set({ portal: { is: 'online' } });
  await pass(300);
  look();
  await pass(300);
  assert.equal(refreshed, 1);
  look();
  await pass(60_000);
  assert.equal(refreshed, 2);
});

test('a list or a person that changes is looked at, and nothing else that does', async () => {
  const { model } = begin();
  model.set({ portal: { is: 'degraded' } });
  await pass(300);
  const looks = async (change: Parameters<typeof model.set>[0]) => {
    model.set({ kept: undefined });
    await pass(5_000);
    model.set(change);
    await pass(300);
    return model.state.kept !== undefined;
  };
  assert.equal(await looks({ search: 'x' }), false);
  assert.equal(await looks({ feeds: new Map(model.state.feeds) }), true);
  assert.ok(model.state.known !== undefined);
  assert.equal(await looks({ known: { ...model.state.known } }), true);
  assert.equal(await looks({ portal: { is: 'signing-in' } }), false);
  assert.equal(await looks({ feeds: new Map() }), false, 'not online');
});

test('several changes in a row are looked at once, 300 ms after the last', async () => {
  const { model, look } = begin();
  model.set({ portal: { is: 'online' } });
  await pass(299);
  look();
  await pass(299);
  assert.equal(model.state.kept, undefined);
  await pass(1);
  assert.notEqual(model.state.kept, undefined);
});

test('what cannot be looked at is not called kept', async () => {
  lists = ['apps', 'web'];
  const { model, look } = begin();
  model.set({ portal: { is: 'online' } });
  await pass(300);
  broken = true;
  look();
  await pass(300);
  assert.deepEqual(model.state.kept, { shell: false, lists: new Set() });
});

test('B-W3c what was found of one person is not said of the next', async () => {
  const { model } = begin();
  model.set({ portal: { is: 'online' } });
  const jon = sessionOf('jon-brunner-1', 'Jon Brunner', 'https://workspace.example');
  meanwhile = () => model.set({ known: jon });
  await pass(300);
  assert.equal(model.state.kept, undefined);
});
