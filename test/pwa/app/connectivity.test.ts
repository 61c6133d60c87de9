/** The driver of the portal's machine, with a Workspace that answers when the test says so. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as settle } from 'node:timers/promises';
import type { Beginning } from '#core/machines/portal-states';
import type { PortalSession } from '#protocol/workspace-api';
import { driveConnectivity } from '../../../pwa/app/connectivity.ts';
import type { AppContext } from '../../../pwa/app/context.ts';
import { openModel } from '../../../pwa/app/model.ts';
import type { Extension } from '../../../pwa/bridges/extension.ts';
import type { SessionVerdict } from '../../../pwa/bridges/judge.ts';
import { handClock } from '../../runtime/machine/hand-clock.ts';
import { apps, stateWith, web } from '../app-state.ts';
import { openPageInMemory } from '../page-in-memory.ts';
import { sessionOf } from '../people.ts';

const MARA = sessionOf('mara-keller-1', 'Mara Keller', 'https://workspace.example');
const SIGNED_IN: SessionVerdict = { is: 'signedIn', session: MARA };
const LOST: SessionVerdict = { is: 'failed', cause: 'network' };
const START = 1_000_000;

interface Asked {
  readonly signal: AbortSignal;
  readonly answer: (verdict: SessionVerdict) => void;
}

function openPortal({
  accepts = true,
  leaving = false,
  busy = false,
  health = {},
}: {
  accepts?: boolean;
  leaving?: boolean;
  busy?: boolean;
  health?: object;
} = {}) {
  const page = openPageInMemory();
  const clock = handClock(START);
  const every: { readonly ms: number; readonly run: () => void }[] = [];
  const model = openModel({ ...stateWith({ is: 'starting', from: 'anywhere' }), evidence: [] });
  const asked: Asked[] = [];
  const told: string[] = [];
  const accepted: PortalSession[] = [];
  const unsure: boolean[] = [];
  const context = {
    model,
    clock: { ...clock, sinceNavigation: () => 0, chance: () => 0.5, every: (ms: number, run: () => void) => void every.push({ ms, run }) },
    workspace: { session: (signal: AbortSignal) => new Promise<SessionVerdict>((answer) => void asked.push({ signal, answer })) },
    worker: { hearsWorkspace: async () => false },
    extension: { present: true, arrives: Promise.resolve(), ask: (async () => health) as Extension['ask'] },
    local: { leaving: () => leaving, keepUnsure: (on: boolean) => void unsure.push(on) },
    log: { say: () => {}, lines: [] },
  };
  const connectivity = driveConnectivity(context as unknown as AppContext, {
    accept: async (session) => {
      accepted.push(session);
      return accepts;
    },
    busy: () => busy,
    reloadFeeds: () => void told.push('reload'),
    lost: (cause) => void told.push(`lost ${cause}`),
  });
  const pass = async (ms: number): Promise<void> => {
    clock.pass(ms);
    await settle();
  };
  return {
    page,
    model,
    asked,
    told,
    accepted,
    unsure,
    connectivity,
    pass,
    is: () => model.state.portal.is,
    /** the newest request's answer */
    answer: async (verdict: SessionVerdict) => {
      asked.at(-1)?.answer(verdict);
      await settle();
    },
    /** the interval at which the session is checked is over */
    interval: async () => {
      for (const { ms, run } of every) if (ms === 20_000) run();
      await settle();
    },
  };
}

async function begun(how: Beginning, options: Parameters<typeof openPortal>[0] = {}) {
  const portal = openPortal(options);
  portal.connectivity.begin(how);
  await settle();
  return portal;
}

async function online(options: Parameters<typeof openPortal>[0] = {}) {
  const portal = await begun('normal', options);
  await portal.answer(SIGNED_IN);
  assert.equal(portal.is(), 'online');
  return portal;
}

describe('at the start', () => {
  test('a session makes the portal online, and is taken over; what was asked beside it is given up', async () => {
    const portal = await begun('normal');
    await portal.pass(200);
    assert.equal(portal.asked.length, 2);
    await portal.answer(SIGNED_IN);
    assert.deepEqual([portal.is(), portal.accepted], ['online', [MARA]]);
    assert.ok(portal.asked.every(({ signal }) => signal.aborted));
    await portal.pass(5_000);
    assert.deepEqual([portal.asked.length, portal.is()], [2, 'online']);
  });

  test('B-W4a silence is an outage when the start’s time is over; it is told once, with the evidence', async () => {
    const portal = await begun('normal');
    await portal.pass(1_449);
    assert.equal(portal.is(), 'starting');
    await portal.pass(1);
    assert.deepEqual([portal.is(), portal.told], ['offline', ['lost timeout']]);
    const at = START + 1_450;
    assert.deepEqual(portal.model.state.evidence, [{ hop: 'Workspace', cause: 'timeout', first: at, last: at }]);
    assert.equal(portal.model.state.now, at);
  });

  test('an answer after that still counts', async () => {
    const portal = await begun('normal');
    await portal.pass(1_450);
    await portal.answer(SIGNED_IN);
    assert.equal(portal.is(), 'reconnecting');
    await portal.answer(SIGNED_IN);
    assert.equal(portal.is(), 'online');
  });

  test('an invalid answer is an outage with its own cause', async () => {
    const portal = await begun('normal');
    await portal.answer({ is: 'failed', cause: 'server-error' });
    assert.deepEqual([portal.is(), portal.told], ['offline', ['lost server-error']]);
    assert.equal(portal.model.state.evidence[0]?.cause, 'server-error');
  });

  test('a session of somebody who has signed out is ended, and the sign-in view waits', async () => {
    const portal = await begun('normal', { accepts: false });
    await portal.answer(SIGNED_IN);
    assert.deepEqual([portal.is(), portal.page.left], ['signing-in', []]);
  });
});

describe('without a session', () => {
  test('the page leaves for the sign-in; until it says who comes back, the list is nobody’s', async () => {
    const portal = await begun('normal');
    portal.model.set({ session: MARA });
    await portal.answer({ is: 'signIn' });
    assert.deepEqual(portal.page.left, ['/auth/sign-in?next=%2F%3Fsigned-in']);
    assert.deepEqual([portal.unsure, portal.model.state.session], [[true], undefined]);
  });

  test('who signed out while the Workspace was away has to prove anew who they are', async () => {
    const portal = await begun('normal', { leaving: true });
    await portal.answer({ is: 'signIn' });
    assert.deepEqual(portal.page.left, ['/auth/sign-in?next=%2F%3Fsigned-in&again=1']);
  });
});

describe('while online', () => {
  test('one lost answer is no outage, two in a row are one', async () => {
    const portal = await online();
    await portal.interval();
    await portal.answer(LOST);
    assert.deepEqual([portal.is(), portal.asked.length], ['online', 3]);
    await portal.answer(SIGNED_IN);
    assert.equal(portal.is(), 'online');
    await portal.interval();
    await portal.answer(LOST);
    await portal.answer(LOST);
    assert.deepEqual([portal.is(), portal.told], ['offline', ['lost network']]);
  });

  test('the session is checked every 20 s, on a hint of the browser, when the page is seen again, or when something failed', async () => {
    const portal = await online();
    const checks = async (act: () => unknown): Promise<number> => {
      const before = portal.asked.length;
      await act();
      await settle();
      const asked = portal.asked.length - before;
      await portal.answer(SIGNED_IN);
      return asked;
    };
    assert.equal(await checks(portal.interval), 1);
    assert.equal(await checks(() => portal.page.happens('online')), 1);
    assert.equal(await checks(() => portal.page.happens('offline')), 1);
    assert.equal(await checks(() => portal.connectivity.suspect()), 1);
    assert.equal(await checks(() => portal.page.see('hidden')), 0);
    assert.equal(await checks(portal.interval), 0, 'nobody looks at it');
    assert.equal(await checks(() => portal.page.see('visible')), 1);
  });

  test('B-W20d that the browser calls itself offline is a reason to look, and no verdict', async () => {
    const portal = await online();
    portal.page.happens('offline');
    await settle();
    await portal.answer(SIGNED_IN);
    assert.deepEqual([portal.is(), portal.told], ['online', []]);
  });

  test('one check at a time', async () => {
    const portal = await online();
    await portal.interval();
    await portal.interval();
    assert.equal(portal.asked.length, 2);
    await portal.answer(SIGNED_IN);
    await portal.interval();
    assert.equal(portal.asked.length, 3);
  });

  test('a check that hangs is given up after 1.5 s, and repeated', async () => {
    const portal = await online();
    await portal.interval();
    await portal.pass(1_499);
    assert.equal(portal.asked.at(-1)?.signal.aborted, false);
    await portal.pass(1);
    assert.equal(portal.asked.at(-1)?.signal.aborted, true);
    await portal.answer(LOST);
    assert.equal(portal.asked.length, 3);
    await portal.pass(1_500);
    await portal.answer(LOST);
    assert.deepEqual([portal.is(), portal.told], ['offline', ['lost timeout']]);
  });

  test('a check answered in time is not given up later', async () => {
    const portal = await online();
    await portal.interval();
    await portal.answer(SIGNED_IN);
    await portal.pass(1_500);
    assert.equal(portal.asked.at(-1)?.signal.aborted, false);
  });

  test('a part that is lost is watched, too, and who works offline by choice meanwhile is not asked about', async () => {
    const portal = await online();
    portal.model.set({
      feeds: new Map([
        ['apps', { is: 'cached', copy: apps, cause: 'network', attempt: 1 }],
        ['web', { is: 'live', document: web }],
      ]),
    });
    portal.connectivity.feedsChanged();
    assert.equal(portal.is(), 'degraded');
    await portal.interval();
    assert.equal(portal.asked.length, 2);
    portal.connectivity.tell({ type: 'workOffline', at: START });
    await portal.answer(LOST);
    await portal.interval();
    assert.deepEqual([portal.is(), portal.told], ['offline', []]);
    const { portal: state } = portal.model.state;
    assert.ok(state.is === 'offline' && state.why.by === 'choice');
  });
});

describe('B-W7d in an outage', () => {
  for (const busy of [true, false]) {
    test(`a person who is ${busy ? 'busy is offered the way back' : 'not there is taken back'}`, async () => {
      const portal = await begun('normal', { busy });
      await portal.answer(LOST);
      await portal.pass(5_000);
      await portal.answer(SIGNED_IN);
      assert.equal(portal.is(), busy ? 'offline' : 'reconnecting');
      assert.deepEqual(portal.told, busy ? ['lost network'] : ['lost network', 'reload']);
    });
  }

  test('Reconnect asks the session and the lists anew, and gives up what was asked before', async () => {
    const portal = await begun('normal');
    await portal.answer(LOST);
    await portal.pass(5_000);
    const background = portal.asked.at(-1);
    portal.connectivity.tell({ type: 'reconnect', at: START });
    await settle();
    assert.equal(background?.signal.aborted, true);
    assert.deepEqual(portal.told, ['lost network', 'reload']);
    background?.answer(LOST);
    await settle();
    assert.equal(portal.is(), 'reconnecting', 'what is given up says nothing');
    await portal.answer(LOST);
    assert.equal(portal.is(), 'offline');
  });

  test('an outage that goes on is told to the lists once', async () => {
    const portal = await begun('normal');
    await portal.answer(LOST);
    await portal.pass(5_000);
    await portal.answer(LOST);
    assert.deepEqual(portal.told, ['lost network']);
    assert.deepEqual(portal.model.state.evidence, [{ hop: 'Workspace', cause: 'network', first: START, last: START + 5_000 }]);
  });
});

describe('B-W7e who works offline by choice', () => {
  test('asks nothing of the Workspace; the extension’s look says that the outage is over', async () => {
    const health: { cause?: string } = { cause: 'timeout' };
    const portal = await begun('by-choice', { health });
    await settle();
    const before = portal.model.state.portal;
    assert.ok(before.is === 'offline' && before.why.by === 'choice');
    assert.deepEqual([before.why.outage, before.back], [true, 'no']);
    delete health.cause;
    await portal.pass(20_000);
    await settle();
    const { portal: after } = portal.model.state;
    assert.ok(after.is === 'offline');
    assert.equal(after.back, 'answers');
    assert.deepEqual(portal.asked, []);
  });
});

test('B-W20b only a session of this very person confirms what would take a list away', async () => {
  const portal = await online();
  assert.equal(await portal.connectivity.confirms(MARA.user.subject), true);
  assert.equal(await portal.connectivity.confirms('jon-brunner-1'), false);
  const lost = await begun('normal');
  await lost.answer(LOST);
  assert.equal(await lost.connectivity.confirms(MARA.user.subject), false);
});
