import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HoldfastError } from '#protocol/errors';
import type { LaunchEvent } from '#protocol/host';
import type { Clock } from '../../../pwa/app/clock.ts';
import type { AppContext } from '../../../pwa/app/context.ts';
import { initialState } from '../../../pwa/app/initial-state.ts';
import { driveLaunches } from '../../../pwa/app/launches.ts';
import { openLog } from '../../../pwa/app/log.ts';
import { openModel } from '../../../pwa/app/model.ts';
import type { Item } from '../../../pwa/view/list.ts';
import { handClock } from '../../runtime/machine/hand-clock.ts';
import { stateWith } from '../app-state.ts';
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

/** A launch whose Workspace and host answer as told; time is the test's. */
function launchDesk(
  answers: { ticket?: Awaited<ReturnType<AppContext['workspace']['launch']>>; launch?: () => Promise<unknown>; online?: boolean } = {},
) {
  const { ticket = { is: 'failed', cause: 'timeout' }, launch = async () => ({ accepted: true }), online = true } = answers;
  const hand = handClock(NOW);
  const model = openModel(stateWith(online ? { is: 'online' } : OUTAGE, { known, session: online ? known : undefined, now: NOW }));
  const asked: { readonly type: string; readonly body: unknown; readonly deadlineMs: number | undefined }[] = [];
  const tickets: { readonly request: unknown; readonly signal: AbortSignal }[] = [];
  const did: string[] = [];
  const replies: Readonly<Record<string, () => Promise<unknown>>> = { launch, cancel: async () => ({ cancelled: true }) };
  const ask = ((type: string, body: unknown, deadlineMs?: number) => {
    asked.push({ type, body, deadlineMs });
    return replies[type]?.() ?? Promise.resolve({});
  }) as AppContext['extension']['ask'];
  const never = (): Promise<never> => new Promise(() => {});
  const workspace: AppContext['workspace'] = {
    session: never,
    feed: never,
    device: never,
    pageToken: never,
    signOut: never,
    launch: async (request, csrf, correlationId, signal) => {
      tickets.push({ request: { ...request, csrf, correlationId }, signal });
      return ticket;
    },
  };
  const timed: Clock = { ...hand, sinceNavigation: () => 0, chance: () => 0, every: () => {} };
  const host = {
    refresh: async () => void did.push('refresh'),
    thumbprint: async () => 'E'.repeat(43),
    failed: () => void did.push('failed'),
  };
  const extension = { present: true, arrives: Promise.resolve(), ask };
  const launching = driveLaunches(
    { model, clock: timed, workspace, extension, log: openLog(timed.now) },
    host,
    () => void did.push('suspect'),
  );
  const shown = () => model.state.launch;
  const event = (more: Partial<LaunchEvent>): LaunchEvent => ({
    event: 'launch',
    workspace: known.workspace.origin,
    subject: known.user.subject,
    resource: item.ref,
    correlationId: shown()?.correlationId ?? '',
    phase: 'choosing',
    mode: 'lease',
    ...more,
  });
  return {
    model,
    asked,
    tickets,
    did,
    launching,
    shown,
    open: async (one: Item = item) => {
      launching.open(one);
      await settle();
    },
    take: (more: Partial<LaunchEvent>) => launching.take(event(more)),
    pass: async (ms: number) => {
      hand.pass(ms);
      await settle();
    },
    errorOf: () => {
      const end = shown()?.end;
      return end?.is === 'failed' ? end.error : end?.is;
    },
  };
}
const settle = () => new Promise(setImmediate);
const OUTAGE = {
  is: 'offline',
  why: { by: 'outage', cause: 'timeout' },
  since: NOW,
  back: 'no',
  tried: undefined,
  retryAt: undefined,
  attempt: 1,
} as const;
const TICKET = { ticket: 'a.b.c', statement: 'a.b.c', locator: { token: 'a.b.c', statement: 'a.b.c' }, correlationId: '7f3a91c2' };
const live: Item = { ...item, opens: { can: 'open', by: 'workspace' } };
const launchesIn = (desk: ReturnType<typeof launchDesk>) => desk.asked.filter(({ type }) => type === 'launch').map(({ body }) => body);

describe('a launch while the Workspace answers', () => {
  test('B-N5a asks for a ticket, with the device’s key, and hands it to the host', async () => {
    const desk = launchDesk({ ticket: { is: 'launchFile', launchFile: TICKET } });
    await desk.open(live);
    const { resource: of, jkt, csrf } = Object(desk.tickets[0]?.request);
    assert.deepEqual([of, jkt, csrf], [item.ref, 'E'.repeat(43), known.csrf]);
    assert.deepEqual(launchesIn(desk), [
      { subject: known.user.subject, resource: item.ref, correlationId: '7f3a91c2', launchFile: TICKET },
    ]);
    assert.deepEqual([desk.shown()?.mode, desk.shown()?.correlationId], ['ticket', '7f3a91c2']);
  });

  test('B-W6c goes on silently with the lease where no ticket comes, and has the Workspace looked at', async () => {
    const desk = launchDesk();
    await desk.open(live);
    const [body] = launchesIn(desk);
    assert.equal(Reflect.get(Object(body), 'launchFile'), undefined);
    assert.deepEqual([desk.shown()?.mode, desk.did], ['lease', ['suspect']]);
  });

  test('is denied by the Workspace’s own word: the tile is dimmed, and no lease is tried', async () => {
    const desk = launchDesk({ ticket: { is: 'denied', error: { code: 'blocked', correlationId: '0a0a0a0a' } } });
    await desk.open(live);
    assert.deepEqual(desk.errorOf(), { code: 3022, reason: 'blocked', correlationId: '0a0a0a0a' });
    assert.deepEqual([...desk.model.state.denials], [[item.key, '3022']]);
    assert.deepEqual(launchesIn(desk), []);
  });

  test('asks for a ticket also for what a location refused, but not for what opens by a lease', async () => {
    const refusal = { resource: item.ref, location: 'zurich', name: 'Zurich', error: { code: 3021 }, at: NOW } as const;
    const refused: Item = { ...item, opens: { can: 'not', reason: { why: 'refused', refusal } } };
    const desk = launchDesk({ ticket: { is: 'launchFile', launchFile: TICKET } });
    await desk.open(refused);
    assert.equal(desk.tickets.length, 1);
    const offline = launchDesk({ online: false });
    await offline.open(refused);
    assert.equal(offline.tickets.length, 0);
  });
});

describe('a launch in an outage', () => {
  test('is by lease from the first, and asks the Workspace nothing', async () => {
    const desk = launchDesk({ online: false });
    await desk.open(live);
    assert.deepEqual([desk.tickets.length, desk.shown()?.mode, launchesIn(desk).length], [0, 'lease', 1]);
  });

  test('of nobody who is known is refused', async () => {
    const desk = launchDesk({ online: false });
    desk.model.set({ known: undefined });
    await desk.open();
    assert.equal(Reflect.get(Object(desk.errorOf()), 'code'), 'not_signed_in');
    assert.deepEqual(desk.asked, []);
  });

  test('B-W11d that the host refuses ends with its error, and an ID', async () => {
    const desk = launchDesk({ online: false, launch: () => Promise.reject(new HoldfastError('host_missing')) });
    await desk.open();
    const { code, correlationId } = Object(desk.errorOf());
    assert.deepEqual([code, correlationId, desk.did], ['host_missing', desk.shown()?.correlationId, ['failed']]);
  });
});

describe('B-W11d a launch ends', () => {
  test('by silence of a minute, counted from its newest event', async () => {
    const desk = launchDesk({ online: false });
    await desk.open();
    await desk.pass(59_999);
    desk.take({ phase: 'choosing' });
    await desk.pass(59_999);
    assert.equal(desk.errorOf(), undefined);
    await desk.pass(1);
    assert.deepEqual(desk.errorOf(), { code: 3023, retryable: true });
  });

  test('open: it is said, what the host knows is asked anew, and it goes from the screen after 4 s', async () => {
    const desk = launchDesk({ online: false });
    await desk.open();
    desk.take({ phase: 'running' });
    assert.deepEqual([desk.errorOf(), desk.model.state.said], ['open', 'Ledger is open']);
    assert.deepEqual(desk.did, ['refresh', 'refresh']);
    await desk.pass(3_999);
    assert.notEqual(desk.shown(), undefined);
    await desk.pass(1);
    assert.equal(desk.shown(), undefined);
    await desk.pass(60_000);
    assert.equal(desk.shown(), undefined, 'nobody waits for it any more');
  });

  test('open, and the next one is not taken away with it', async () => {
    const desk = launchDesk({ online: false });
    await desk.open();
    desk.take({ phase: 'running' });
    await desk.open();
    await desk.pass(4_000);
    assert.equal(desk.errorOf(), undefined);
    assert.notEqual(desk.shown(), undefined);
  });

  test('failed: what the host knows is asked anew', async () => {
    const desk = launchDesk({ online: false });
    await desk.open();
    desk.take({ phase: 'ended', error: { code: 3021 } });
    assert.deepEqual([desk.errorOf(), desk.did], [{ code: 3021 }, ['refresh']]);
    await desk.pass(60_000);
    assert.deepEqual(desk.errorOf(), { code: 3021 });
  });

  test('and only its own events count', async () => {
    const desk = launchDesk({ online: false });
    await desk.open();
    desk.take({ phase: 'ended', correlationId: 'ffff-ffff', error: { code: 3021 } });
    assert.deepEqual([desk.errorOf(), desk.did], [undefined, ['refresh']], 'another session has ended');
    desk.take({ phase: 'opening', correlationId: 'ffff-ffff' });
    assert.deepEqual(desk.shown()?.phase, 'finding');
  });
});

describe('B-W11c a launch is cancelled', () => {
  test('at once while the Workspace is asked, whose answer then changes nothing', async () => {
    const desk = launchDesk({ ticket: { is: 'launchFile', launchFile: TICKET } });
    desk.launching.open(live);
    desk.launching.cancel();
    assert.deepEqual([desk.shown(), desk.model.state.said], [undefined, 'Ledger: cancelled']);
    await settle();
    assert.deepEqual([desk.asked, desk.shown()], [[], undefined]);
  });

  test('by the host’s word, or a second later without it; once', async () => {
    const desk = launchDesk({ online: false });
    await desk.open();
    const { correlationId } = desk.shown() ?? {};
    desk.launching.cancel();
    desk.launching.cancel();
    assert.equal(desk.shown()?.cancelling, true);
    assert.deepEqual(desk.asked.slice(1), [{ type: 'cancel', body: { subject: known.user.subject, correlationId }, deadlineMs: 1_000 }]);
    await settle();
    assert.deepEqual([desk.shown(), desk.model.state.said], [undefined, 'Ledger: cancelled']);
  });

  test('not once it has ended, and not where there is none', async () => {
    const desk = launchDesk({ online: false });
    desk.launching.cancel();
    await desk.open();
    desk.take({ phase: 'ended', error: { code: 3021 } });
    desk.launching.cancel();
    assert.deepEqual([desk.errorOf(), desk.asked.length], [{ code: 3021 }, 1]);
  });
});

test('one launch at a time: a second one is said to have to wait, until the first has ended', async () => {
  const desk = launchDesk({ online: false });
  await desk.open();
  await desk.open();
  assert.deepEqual([desk.model.state.said, launchesIn(desk).length], ['Ledger is still opening', 1]);
  desk.take({ phase: 'ended', error: { code: 3021 } });
  await desk.open();
  assert.equal(launchesIn(desk).length, 2);
});

test('a web app opens in a tab of its own, which learns nothing of this page', async () => {
  const opened: unknown[] = [];
  Object.assign(globalThis, { window: { open: (...how: unknown[]) => void opened.push(how) } });
  const desk = launchDesk();
  const web = { id: 'wiki', name: 'Wiki', kind: 'web', url: 'https://wiki.example/' } as const;
  await desk.open({ ...item, resource: web });
  assert.deepEqual(opened, [['https://wiki.example/', '_blank', 'noopener,noreferrer']]);
  assert.deepEqual([desk.shown(), desk.asked], [undefined, []]);
});
