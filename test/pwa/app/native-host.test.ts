import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { HoldfastError } from '#protocol/errors';
import type { Clock } from '../../../pwa/app/clock.ts';
import { initialState } from '../../../pwa/app/initial-state.ts';
import { openLog } from '../../../pwa/app/log.ts';
import { openModel } from '../../../pwa/app/model.ts';
import { driveHost } from '../../../pwa/app/native-host.ts';
import type { Extension } from '../../../pwa/bridges/extension.ts';
import { itemsOf } from '../../../pwa/view/circumstances.ts';
import { noteOf } from '../../../pwa/view/words.ts';
import { handClock } from '../../runtime/machine/hand-clock.ts';
import { untilHolds } from '../../until.ts';
import { stateWith } from '../app-state.ts';
import { openPageInMemory } from '../page-in-memory.ts';
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

const SUBJECT = known.user.subject;
const SYNC = { state: 'succeeded', lastSuccess: 5 } as const;
const leaseOf = (id: string) => ({
  resource: { feed: 'apps', id },
  name: id,
  kind: 'app',
  protocol: 'rdp',
  state: 'valid',
  iat: 0,
  exp: 1,
  locations: ['zurich'],
});
const pageOf = (...items: object[]) => ({ items, reachability: [], refusals: [], sync: SYNC });
const zurich = { location: 'zurich', name: 'Zurich', state: 'reachable', checkedAt: 3 } as const;
const DEVICE = { sign: 'sign', enc: 'enc', claimsHardware: false, proof: 'proof', jkt: 'E'.repeat(43) };

type Reply = (body: Readonly<Record<string, unknown>>) => unknown;

/** The driver, over an extension that answers as told. */
function desk({
  replies = {},
  present = true,
  device = { is: 'token', token: 'a.b.c' },
}: {
  replies?: Record<string, Reply>;
  present?: boolean;
  device?: object;
} = {}) {
  openPageInMemory();
  const hand = handClock(1_000);
  const every: { readonly ms: number; readonly run: () => void }[] = [];
  const model = newModel();
  const asked: { readonly type: string; readonly body: Readonly<Record<string, unknown>> }[] = [];
  const registered: unknown[] = [];
  const told: string[] = [];
  const answers: Record<string, Reply> = {
    leases: () => pageOf(leaseOf('ledger')),
    sessions: () => ({ sessions: [] }),
    describeDevice: () => DEVICE,
    sync: () => ({ started: true, status: { state: 'running' } }),
    ...replies,
  };
  const arrival = Promise.withResolvers<void>();
  if (present) arrival.resolve();
  const extension: Extension = {
    present,
    arrives: arrival.promise,
    ask: (async (type: string, body: Readonly<Record<string, unknown>>) => {
      asked.push({ type, body });
      return answers[type]?.(body);
    }) as unknown as Extension['ask'],
  };
  const host = driveHost(
    {
      model,
      clock: { ...hand, sinceNavigation: () => 0, chance: () => 0, every: (ms, run) => void every.push({ ms, run }) },
      workspace: {
        ...workspace,
        device: (async (request: unknown, csrf: string) => {
          registered.push({ request, csrf });
          return device;
        }) as unknown as typeof workspace.device,
      },
      extension,
      log: openLog(hand.now),
    },
    { listed: () => void told.push('listed'), found: () => void told.push('found') },
  );
  return {
    model,
    asked,
    registered,
    told,
    host,
    arrives: arrival.resolve,
    answers,
    asks: (type: string) => asked.filter((one) => one.type === type),
    pass: async (ms: number) => {
      hand.pass(ms);
      await settle();
    },
    minute: async () => {
      for (const { ms, run } of every) if (ms === 60_000) run();
      await settle();
    },
  };
}

async function settle(): Promise<void> {
  for (let round = 0; round < 10; round += 1) await turn();
}

const jon = sessionOf('jon-brunner-1', 'Jon Brunner', 'https://workspace.example');

describe('what the host has for this person', () => {
  test('is read page by page; what it says of places and disk comes with the first', async () => {
    const refusal = { resource: { feed: 'apps', id: 'mail' }, location: 'zurich', name: 'Zurich', error: { code: 3021 }, at: 1 };
    const pages: Record<number, object> = {
      0: { ...pageOf(leaseOf('ledger')), next: 200, reachability: [zurich], refusals: [refusal], disk: 'full' },
      200: { ...pageOf(leaseOf('mail')), next: 200 },
    };
    const { host, model, asks, told } = desk({ replies: { leases: ({ offset }) => pages[Number(offset)] } });
    await host.refresh();
    assert.deepEqual(
      asks('leases').map(({ body }) => body['offset']),
      [0, 200],
      'a page that does not advance is the last',
    );
    const { leases, reachability, refusals, disk, sync, host: path } = model.state;
    assert.deepEqual([...(leases?.keys() ?? [])], ['apps/ledger', 'apps/mail']);
    assert.deepEqual([[...reachability], [...refusals.keys()], disk, sync], [[['zurich', zurich]], ['apps/mail'], 'full', SYNC]);
    assert.deepEqual([path, told], [{ path: 'ready', error: undefined }, ['found', 'listed']]);
  });

  test('is asked for once, however many ask for it at a time', async () => {
    const { host, asks } = desk();
    await Promise.all([host.refresh(), host.refresh()]);
    assert.equal(asks('leases').length, 1);
    await host.refresh();
    assert.equal(asks('leases').length, 2);
  });

  test('B-W3c is nobody else’s: what comes for a person who has gone meanwhile is dropped, and the next one’s is asked for at once', async () => {
    const listings: ((page: object) => void)[] = [];
    const { host, model, asks } = desk({ replies: { leases: () => new Promise((resolve) => listings.push(resolve)) } });
    const refusal = { resource: { feed: 'apps', id: 'mail' }, location: 'zurich', name: 'Zurich', error: { code: 3021 }, at: 1 };
    void host.refresh();
    await settle();
    model.set({ known: jon });
    const ofJon = host.refresh();
    assert.deepEqual(
      asks('leases').map(({ body }) => body['subject']),
      [SUBJECT, 'jon-brunner-1'],
    );
    listings[0]?.({ ...pageOf(leaseOf('ledger')), refusals: [refusal], reachability: [zurich] });
    await settle();
    const { leases, refusals, reachability, sync } = model.state;
    assert.deepEqual([leases, refusals.size, reachability.size, sync], [undefined, 0, 0, undefined]);
    listings[1]?.(pageOf(leaseOf('mail')));
    await ofJon;
    assert.deepEqual([...(model.state.leases?.keys() ?? [])], ['apps/mail']);
  });

  test('B-W3c a refusal of a person who has gone meanwhile takes nothing from the next one', async () => {
    const listings: ((error: Error) => void)[] = [];
    const { host, model } = desk({ replies: { leases: () => new Promise((_, refuse) => listings.push(refuse)) } });
    const ofMara = host.refresh();
    await settle();
    model.set({ known: jon, leases: new Map([['apps/mail', leaseOf('mail') as never]]) });
    listings[0]?.(new HoldfastError('not_signed_in', { reason: 'not-bound' }));
    await ofMara;
    assert.equal(model.state.leases?.size, 1);
  });

  test('B-W3c a device that was described for a person who has gone is not the next one’s', async () => {
    const described = Promise.withResolvers<object>();
    const { host, model, asks } = desk({ replies: { describeDevice: () => described.promise } });
    const saving = host.saveAccess(known);
    model.set({ known: jon });
    described.resolve(DEVICE);
    await saving;
    assert.equal(model.state.ownDevice, undefined);
    assert.equal(model.state.sync, undefined);
    assert.deepEqual(asks('leases'), []);
  });

  test('is not asked for while nobody is known', async () => {
    const { host, model, asked } = desk();
    model.set({ known: undefined });
    await host.refresh();
    assert.deepEqual(asked, []);
  });

  test('is asked for again every minute, while somebody looks and the host answers', async () => {
    const { host, asks, minute, model } = desk();
    await host.begin();
    assert.equal(asks('leases').length, 1);
    await minute();
    assert.equal(asks('leases').length, 2);
    openPageInMemory().see('hidden');
    await minute();
    assert.equal(asks('leases').length, 2);
    openPageInMemory();
    model.set({ host: { path: 'no-host', error: { code: 'host_missing' } } });
    await minute();
    assert.equal(asks('leases').length, 2);
  });

  test('B-W19c is as old as it is: "just now" is over after 5 s', async () => {
    const { host, model, pass } = desk();
    await host.refresh();
    assert.equal(model.state.now, 1_000);
    await pass(4_999);
    assert.equal(model.state.now, 1_000);
    await pass(1);
    assert.equal(model.state.now, 6_000);
  });
});

describe('B-E9b an extension or a host that is not there', () => {
  test('is said after a second, and no longer once it has come', async () => {
    const { host, model, pass, arrives } = desk({ present: false });
    void host.begin();
    await pass(999);
    assert.equal(model.state.host.path, 'unknown');
    await pass(1);
    assert.deepEqual([model.state.host.path, model.state.host.error?.code], ['no-extension', 'extension_missing']);
    arrives();
    await settle();
    assert.deepEqual(model.state.host, { path: 'ready', error: undefined });
  });

  test('that comes in time is never missed', async () => {
    const { host, model, pass } = desk();
    await host.begin();
    await pass(5_000);
    assert.equal(model.state.host.path, 'ready');
  });

  for (const code of ['host_missing', 'host_version', 'host_crashed', 'forbidden_caller'] as const) {
    test(`${code} means that nothing opens, with an ID to tell`, async () => {
      const { host, model } = desk({
        replies: {
          leases: () => {
            throw new HoldfastError(code);
          },
        },
      });
      await host.refresh();
      assert.deepEqual([model.state.host.path, model.state.host.error?.code], ['no-host', code]);
      assert.match(model.state.host.error?.correlationId ?? '', /^[0-9a-f-]{8,}$/u);
    });
  }

  test('another refusal is no broken host', async () => {
    const { host, model } = desk();
    await host.refresh();
    host.failed(new HoldfastError('too_many'));
    assert.equal(model.state.host.path, 'ready');
  });
});

describe('what the host says unasked', () => {
  const event = { workspace: 'https://workspace.example', subject: SUBJECT } as const;
  test('when the host is found it is asked; when it is missing, its error or state says so', async () => {
    const { host, model, asks } = desk();
    host.take({ event: 'host', state: 'crashed' });
    assert.equal(model.state.host.error?.code, 'host_crashed');
    host.take({ event: 'host', state: 'missing', error: { code: 'host_missing', correlationId: '7f3a91c2' } });
    assert.deepEqual(model.state.host, { path: 'no-host', error: { code: 'host_missing', correlationId: '7f3a91c2' } });
    host.take({ event: 'host', state: 'ready' });
    await settle();
    assert.deepEqual([model.state.host.path, asks('leases').length], ['ready', 1]);
  });

  test('of a place counts, and "not reached yet" keeps what is known', () => {
    const { host, model } = desk();
    const tell = (...reachability: object[]) =>
      host.take({ ...event, event: 'reachability', reachability: reachability as never, refusals: [] });
    tell(zurich);
    tell({ location: 'zurich', name: 'Zurich', state: 'unchecked' }, { location: 'bern', name: 'Bern', state: 'unchecked' });
    assert.deepEqual(
      [...model.state.reachability.values()].map(({ state }) => state),
      ['reachable', 'unchecked'],
    );
    tell({ ...zurich, state: 'unreachable' });
    assert.equal(model.state.reachability.get('zurich')?.state, 'unreachable');
  });

  test('B-W5e a launch that a place refused dims its tile at once, with its words, until the next good answer', async () => {
    const { host, model } = desk();
    await host.refresh();
    const lease = { ...leaseOf('ledger'), exp: 9_999_999_999 } as never;
    model.set({ ...stateWith({ is: 'online' }), now: 1_000, session: known, leases: new Map([['apps/ledger', lease]]) });
    const ledger = () => itemsOf(model.state).find(({ key }) => key === 'apps/ledger')?.opens;
    assert.equal(ledger()?.can, 'open');
    const error = { code: 3021, reason: 'full' } as const;
    const refusal = { resource: { feed: 'apps', id: 'ledger' }, location: 'zurich', name: 'Zurich', error, at: 1_000 };
    const tell = (...refusals: (typeof refusal)[]) => host.take({ ...event, event: 'reachability', reachability: [zurich], refusals });
    tell(refusal);
    const opens = ledger();
    assert.ok(opens?.can === 'not');
    assert.equal(noteOf(opens, model.state.now)?.first, 'Zurich is full');
    tell();
    assert.equal(ledger()?.can, 'open');
  });

  test('of another person changes nothing', () => {
    const { host, model } = desk();
    host.take({ ...event, subject: 'jon-brunner-1', event: 'reachability', reachability: [zurich], refusals: [] });
    host.take({ ...event, subject: 'jon-brunner-1', event: 'sync', status: { state: 'failed' } });
    assert.deepEqual([model.state.reachability.size, model.state.sync], [0, undefined]);
  });

  test('of a sync that is done voids earlier denials, and has the leases listed', async () => {
    const { host, model, asks } = desk();
    model.set({ denials: new Map([['apps/ledger', '3022']]) });
    host.take({ ...event, event: 'sync', status: { state: 'running', done: 1, total: 3 } });
    assert.deepEqual([model.state.denials.size, model.state.saving, model.state.sync?.done], [1, false, 1]);
    host.take({ ...event, event: 'sync', status: { state: 'succeeded' } });
    assert.deepEqual([model.state.denials.size, model.state.saving], [0, true]);
    await settle();
    assert.deepEqual([model.state.saving, asks('leases').length], [false, 1]);
  });
});

describe('B-W13a the access of a person who has signed in is saved', () => {
  test('once: the device is described and registered, and the host fetches its leases', async () => {
    const { host, model, asks, registered, asked } = desk();
    const saving = host.saveAccess(known);
    assert.equal(model.state.saving, true);
    await saving;
    assert.deepEqual(
      asks('describeDevice').map(({ body }) => body),
      [{ subject: SUBJECT, nonce: known.deviceNonce }],
    );
    const { jkt: _jkt, ...described } = DEVICE;
    assert.deepEqual(registered, [{ request: described, csrf: known.csrf }]);
    assert.deepEqual(
      asks('sync').map(({ body }) => body),
      [{ subject: SUBJECT, userName: 'Mara Keller', token: 'a.b.c' }],
    );
    assert.deepEqual([model.state.saving, model.state.ownDevice, model.state.leases?.size], [false, DEVICE.jkt, 1]);
    const before = asked.length;
    await host.saveAccess(known);
    assert.equal(asked.length, before);
  });

  test('not without the extension, and not where the administrator has not turned it on', async () => {
    const none = desk({ present: false });
    await none.host.saveAccess(known);
    const off = desk();
    await off.host.saveAccess({ ...known, continuity: { ...known.continuity, enabled: false } });
    assert.deepEqual([none.asked, off.asked], [[], []]);
  });

  test('at the next chance, where the Workspace did not answer or the host refused', async () => {
    const silent = desk({ device: { is: 'failed', cause: 'network' } });
    await silent.host.saveAccess(known);
    assert.deepEqual([silent.asks('sync'), silent.model.state.saving], [[], false]);
    await silent.host.saveAccess(known);
    assert.equal(silent.registered.length, 2);
    const refused = desk({
      replies: {
        sync: () => {
          throw new HoldfastError('host_crashed');
        },
      },
    });
    await refused.host.saveAccess(known);
    assert.deepEqual([refused.model.state.host.error?.code, refused.model.state.saving], ['host_crashed', false]);
    await refused.host.saveAccess(known);
    assert.equal(refused.asks('sync').length, 2);
  });

  test('a person with too many devices hears so, and is not asked again', async () => {
    const error = { code: 'too_many', reason: 'person-devices' } as const;
    const { host, model, registered } = desk({ device: { is: 'refused', error } });
    await host.saveAccess(known);
    assert.deepEqual(model.state.sync, { state: 'failed', error });
    await host.saveAccess(known);
    assert.equal(registered.length, 1);
  });
});

test('the device’s key is asked for once a person', async () => {
  const { host, asks } = desk();
  assert.equal(await host.thumbprint(known), DEVICE.jkt);
  await host.thumbprint(known);
  assert.equal(asks('describeDevice').length, 1);
  await host.thumbprint({ ...known, user: { ...known.user, subject: 'jon-brunner-1' } });
  assert.equal(asks('describeDevice').length, 2);
});
