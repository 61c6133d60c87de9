/** The drivers together, over doors that the test holds: what the page does about what it hears. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Beginning } from '#core/machines/portal-states';
import type { FeedDocument } from '#protocol/feed';
import type { PortalSession } from '#protocol/workspace-api';
import type { AppContext } from '../../../pwa/app/context.ts';
import { driveLosses } from '../../../pwa/app/losses.ts';
import { openModel } from '../../../pwa/app/model.ts';
import { createPortal } from '../../../pwa/app/portal.ts';
import type { Extension, PageEvent } from '../../../pwa/bridges/extension.ts';
import type { SessionVerdict } from '../../../pwa/bridges/judge.ts';
import type { KnownSession } from '../../../pwa/bridges/local-storage.ts';
import { handClock } from '../../runtime/machine/hand-clock.ts';
import { stateWith } from '../app-state.ts';
import { openPageInMemory } from '../page-in-memory.ts';
import { documentsOf, sessionOf } from '../people.ts';

const ORIGIN = 'https://workspace.example';
const MARA = sessionOf('mara-keller-1', 'Mara Keller', ORIGIN);
const JON = sessionOf('jon-brunner-1', 'Jon Brunner', ORIGIN);
const START = 1_000_000;
const LOST: SessionVerdict = { is: 'failed', cause: 'network' };

const listsOf = (subject: string) => new Map(documentsOf(subject, 1).map((document) => [document.feed, document]));
/** All that follows from what has happened, without time passing. */
async function settle(): Promise<void> {
  for (let round = 0; round < 20; round += 1) await turn();
}

interface Beginnings {
  /** who was here last */
  known?: KnownSession | undefined;
  leaving?: boolean;
  /** whose lists stood in this browser before */
  owned?: 'same' | 'other' | 'none' | Error;
  extension?: boolean;
  favourites?: readonly string[];
}

function openPortal({ known, leaving = false, owned = 'same', extension = true, favourites = [] }: Beginnings = {}) {
  const page = openPageInMemory();
  const clock = handClock(START);
  const every: { readonly ms: number; readonly run: () => void }[] = [];
  /** what the doors were told, in order */
  const did: string[] = [];
  const asked: { readonly type: string; readonly body: unknown }[] = [];
  const sessions: ((verdict: SessionVerdict) => void)[] = [];
  const feeds: { readonly id: string; readonly subject: string; answer(document: FeedDocument): void }[] = [];
  const kept = new Map<string, ReadonlySet<string>>([[MARA.user.subject, new Set(favourites)]]);
  const flags = { leaving };
  const model = openModel(
    stateWith({ is: 'starting', from: 'anywhere' }, { known, feeds: new Map(), evidence: [], leases: undefined, session: undefined }),
  );
  const keep =
    (name: string) =>
    (...values: unknown[]): void =>
      void did.push(`${name} ${values.map((value) => JSON.stringify(value)).join(' ')}`);
  const replies: Readonly<Record<string, () => unknown>> = {
    sessions: () => ({ sessions: [] }),
    leases: () => ({ items: [], reachability: [], refusals: [], sync: { state: 'succeeded' } }),
    describeDevice: () => ({ jkt: 'E'.repeat(43) }),
    signOut: () => ({ deleted: 0 }),
  };
  const context = {
    model,
    clock: { ...clock, sinceNavigation: () => 0, chance: () => 0.5, every: (ms: number, run: () => void) => void every.push({ ms, run }) },
    log: { say: () => {}, lines: [] },
    local: {
      leaving: () => flags.leaving,
      keepLeaving: (on: boolean) => {
        flags.leaving = on;
      },
      keepSession: (one: KnownSession | undefined) => keep('session')(one?.user.subject),
      keepUnsure: keep('unsure'),
      keepMarked: keep('marked'),
      marked: (subject: string) => (kept.get(subject)?.size ?? 0) > 0,
      keepDevicesSeen: keep('devices'),
      keepTheme: keep('theme'),
      keepSingleKeys: keep('keys'),
      keepSignedOut: keep('signed-out'),
    },
    copies: {
      read: async (subject: string, feed: string) => {
        did.push(`read ${subject} ${feed}`);
        return known?.user.subject === subject ? listsOf(subject).get(feed) : undefined;
      },
      kept: async () => new Set<string>(),
      own: async () => {
        if (owned instanceof Error) throw owned;
        return owned;
      },
      remove: async (subject: string, feed: string) => void did.push(`remove ${subject} ${feed}`),
      removeAll: async (subject: string) => void did.push(`remove all of ${subject}`),
    },
    worker: { answers: () => true, refresh: () => void did.push('refresh'), hearsWorkspace: async () => false },
    favourites: {
      read: async (subject: string) => kept.get(subject) ?? new Set<string>(),
      write: async (subject: string, now: ReadonlySet<string>) => void kept.set(subject, now),
    },
    workspace: {
      session: () => new Promise<SessionVerdict>((answer) => void sessions.push(answer)),
      feed: (id: string, subject: string) =>
        new Promise((resolve) => void feeds.push({ id, subject, answer: (document) => resolve({ is: 'document', document }) })),
      signOut: async () => {
        did.push('end the session');
        return { is: 'ended', next: undefined };
      },
      device: async () => ({ is: 'failed', cause: 'network' }),
    },
    extension: {
      present: extension,
      arrives: extension ? Promise.resolve() : new Promise(() => {}),
      ask: (async (type: string, body: unknown) => {
        asked.push({ type, body });
        return replies[type]?.();
      }) as Extension['ask'],
    },
  };
  const portal = createPortal(context as unknown as AppContext);
  const answer = async (verdict: SessionVerdict): Promise<void> => {
    sessions.at(-1)?.(verdict);
    await settle();
  };
  return {
    page,
    clock,
    model,
    portal,
    did,
    asked,
    sessions,
    feeds,
    kept,
    flags,
    answer,
    is: () => model.state.portal.is,
    begin: async (how: Beginning = 'normal', painted: () => Promise<void> = async () => {}) => {
      void portal.begin(how, painted);
      await settle();
    },
    signIn: (session: PortalSession) => answer({ is: 'signedIn', session }),
    /** every list is answered */
    lists: async () => {
      for (const { id, subject, answer: give } of feeds.splice(0)) {
        const document = listsOf(subject).get(id);
        if (document !== undefined) give(document);
      }
      await settle();
    },
    pass: async (ms: number) => {
      clock.pass(ms);
      await settle();
    },
    interval: (ms: number) => {
      for (const one of every) if (one.ms === ms) one.run();
    },
    take: async (event: PageEvent) => {
      portal.take(event);
      await settle();
    },
    /** states that the extension was told, in order */
    said: () => asked.filter(({ type }) => type === 'portalState').map(({ body }) => body),
  };
}

async function begun(beginnings: Beginnings = {}, how: Beginning = 'normal') {
  const portal = openPortal(beginnings);
  await portal.begin(how);
  return portal;
}

/** Mara is signed in, and everything is live. */
async function online(beginnings: Beginnings = {}) {
  const portal = await begun({ known: MARA, ...beginnings });
  await portal.signIn(MARA);
  await portal.lists();
  assert.equal(portal.is(), 'online');
  return portal;
}

async function inOutage(beginnings: Beginnings = {}) {
  const portal = await begun({ known: MARA, ...beginnings });
  await portal.answer(LOST);
  assert.equal(portal.is(), 'offline');
  return portal;
}

describe('at the start', () => {
  test('what is kept is read and painted before the network is used', async () => {
    const portal = openPortal({ known: MARA, favourites: ['apps/ledger'] });
    const { promise, resolve } = Promise.withResolvers<void>();
    await portal.begin('normal', () => promise);
    assert.deepEqual(
      [...portal.model.state.feeds.values()].map(({ is }) => is),
      ['cached', 'cached'],
    );
    assert.deepEqual(portal.model.state.favourites, new Set(['apps/ledger']));
    assert.deepEqual([portal.sessions.length, portal.feeds.length, portal.asked.length], [0, 0, 0]);
    resolve();
    await settle();
    assert.deepEqual([portal.sessions.length, portal.feeds.length], [1, 2]);
  });

  test('offline by choice nothing is asked of the Workspace', async () => {
    const portal = await begun({ known: MARA }, 'by-choice');
    await portal.pass(60_000);
    assert.deepEqual([portal.is(), portal.sessions.length, portal.feeds.length], ['offline', 0, 0]);
  });

  test('a completed sign-in is no sign-out that is still to be told', async () => {
    assert.equal((await begun({ leaving: true }, 'from-sign-in')).flags.leaving, false);
    assert.equal((await begun({ leaving: true })).flags.leaving, true);
  });

  test('ages on the screen are updated every 15 s, while somebody looks', async () => {
    const portal = await online();
    await portal.pass(15_000);
    portal.interval(15_000);
    assert.equal(portal.model.state.now, START + 15_000);
    portal.page.see('hidden');
    await portal.pass(15_000);
    portal.interval(15_000);
    assert.equal(portal.model.state.now, START + 15_000);
  });
});

describe('a session', () => {
  test('is kept for the next start, without its tokens, and its lists are asked for', async () => {
    const portal = await begun();
    await portal.signIn(MARA);
    const { known, session, unsure } = portal.model.state;
    assert.deepEqual(Object.keys(known ?? {}).sort(), ['continuity', 'feeds', 'user', 'workspace']);
    assert.deepEqual([session, unsure], [MARA, false]);
    assert.ok(portal.did.includes('session "mara-keller-1"'));
    assert.ok(portal.did.includes('unsure false'));
    assert.deepEqual(
      portal.feeds.map(({ id, subject }) => [id, subject]),
      [
        ['apps', 'mara-keller-1'],
        ['web', 'mara-keller-1'],
      ],
    );
  });

  test('of the same person keeps what is on the screen', async () => {
    const portal = await begun({ known: MARA, favourites: ['apps/mail'] });
    portal.model.set({ groupsNoticeAway: true });
    await portal.signIn(MARA);
    assert.equal(portal.model.state.groupsNoticeAway, true);
    assert.deepEqual(portal.model.state.favourites, new Set(['apps/mail']));
    assert.deepEqual(
      portal.did.filter((one) => one.startsWith('remove')),
      [],
    );
  });

  test('B-W3c of another person takes all of the former one away, and brings their own', async () => {
    const portal = await begun({ known: MARA, favourites: ['apps/mail'] });
    portal.kept.set(JON.user.subject, new Set(['apps/ledger']));
    portal.model.set({ groupsNoticeAway: true, denials: new Map([['apps/ledger', '3022']]) });
    await portal.signIn(JON);
    const { state } = portal.model;
    assert.deepEqual([state.groupsNoticeAway, state.denials, state.favourites], [false, new Map(), new Set(['apps/ledger'])]);
    assert.deepEqual(
      portal.did.filter((one) => one.startsWith('remove')),
      ['remove mara-keller-1 apps', 'remove mara-keller-1 web'],
    );
    assert.ok(portal.did.includes('marked "jon-brunner-1" true'));
    assert.ok(portal.asked.some(({ type, body }) => type === 'leases' && Reflect.get(Object(body), 'subject') === 'jon-brunner-1'));
  });

  test('B-W10b of somebody who signed out in the outage is ended as soon as the Workspace answers', async () => {
    const portal = await begun({ leaving: true });
    await portal.signIn(MARA);
    assert.deepEqual([portal.did, portal.flags.leaving, portal.is()], [['end the session'], false, 'signing-in']);
    assert.equal(portal.model.state.known, undefined);
  });

  for (const [owned, known, refreshes] of [
    ['same', MARA, 0],
    ['other', MARA, 1],
    ['none', MARA, 1],
    ['none', undefined, 1],
  ] as const) {
    test(`has the worker fetch the lists ${refreshes === 0 ? 'not again where' : 'where'} this browser kept ${owned} before`, async () => {
      const portal = await begun({ known, owned });
      await portal.signIn(MARA);
      assert.equal(portal.did.filter((one) => one === 'refresh').length, refreshes);
    });
  }

  test('B-W17b a browser without room for it says so, and works', async () => {
    const full = await begun({ owned: new DOMException('no room', 'QuotaExceededError') });
    await full.signIn(MARA);
    assert.deepEqual([full.model.state.unsaved, full.feeds.length], [true, 2]);
    const refused = await begun({ owned: new Error('no') });
    await refused.signIn(MARA);
    assert.deepEqual([refused.model.state.unsaved, refused.feeds.length], [false, 2]);
  });
});

describe('B-W7d the way back from an outage', () => {
  const back = async (act: (portal: Awaited<ReturnType<typeof inOutage>>) => Promise<void> | void) => {
    const portal = await inOutage();
    await act(portal);
    await portal.pass(5_000);
    await portal.signIn(MARA);
    return portal.is();
  };
  test('is only offered to a person who has just used mouse or keyboard', async () => {
    assert.equal(await back(({ page }) => page.happens('keydown')), 'offline');
    assert.equal(await back(({ page }) => page.happens('pointerdown')), 'offline');
  });
  test('is gone by itself a minute later, or where nobody looks', async () => {
    const quiet = await inOutage();
    await quiet.pass(55_000);
    await quiet.signIn(MARA);
    assert.equal(quiet.is(), 'offline', 'the page was opened less than a minute ago');
    const later = await inOutage();
    await later.pass(90_000);
    await later.signIn(MARA);
    assert.equal(later.is(), 'reconnecting');
    assert.equal(await back(({ page }) => page.see('hidden')), 'reconnecting');
  });
  test('is only offered while a launch or a search is on the screen', async () => {
    const searching = await inOutage();
    searching.portal.actions.search('ledger');
    await searching.pass(90_000);
    await searching.signIn(MARA);
    assert.equal(searching.is(), 'offline');
  });
  test('leaves the address of offline mode', async () => {
    const portal = await begun({ known: MARA }, 'by-choice');
    assert.deepEqual(portal.page.renamed, []);
    portal.portal.actions.reconnect();
    await settle();
    assert.deepEqual(portal.page.renamed, ['/']);
    await portal.signIn(MARA);
    assert.deepEqual(portal.page.renamed, ['/']);
  });
});

describe('the extension is told', () => {
  test('each state of the portal, with the Workspace’s name and the length of its list', async () => {
    const portal = await online();
    const name = 'Contoso Workspace';
    assert.deepEqual(portal.said().at(-1), { state: 'online', workspaceName: name, resources: 11 });
    portal.portal.actions.workOffline();
    await settle();
    assert.deepEqual(portal.said().at(-1), { state: 'offline', workspaceName: name, resources: 11 });
  });

  test('nothing before the portal stands, and no name or number that is not known', async () => {
    const portal = await begun();
    assert.deepEqual(portal.said(), []);
    await portal.answer({ is: 'signIn' });
    assert.deepEqual(portal.said(), [{ state: 'signing-in' }]);
  });

  test('of a list that has become longer, once', async () => {
    const portal = await online();
    const before = portal.said().length;
    portal.model.set({ now: START + 1 });
    assert.equal(portal.said().length, before);
    const [list] = documentsOf(MARA.user.subject, 2);
    assert.ok(list !== undefined);
    portal.model.set({ feeds: new Map([['apps', { is: 'live', document: list }]]) });
    assert.equal(portal.said().length, before + 1);
    portal.model.set({ feeds: new Map([['apps', { is: 'live', document: { ...list, asOf: 3 } }]]) });
    assert.equal(portal.said().length, before + 1);
  });

  test('all of it again once the host answers again, which then saves the access', async () => {
    const portal = await online();
    await portal.take({ event: 'host', state: 'crashed' });
    const before = portal.said().length;
    const saves = () => portal.asked.filter(({ type }) => type === 'describeDevice').length;
    const saved = saves();
    await portal.take({ event: 'host', state: 'ready' });
    assert.equal(portal.said().length, before + 1);
    assert.equal(saves(), saved + 1);
    await portal.take({ event: 'host', state: 'ready' });
    assert.equal(portal.said().length, before + 1);
  });

  test('nothing where there is none', async () => {
    assert.deepEqual((await online({ extension: false })).said(), []);
  });
});

describe('what the worker says', () => {
  const [list] = documentsOf(MARA.user.subject, 9);
  assert.ok(list !== undefined);
  test('B-W7d a list that came late is not put on the screen under an outage', async () => {
    const portal = await inOutage();
    portal.portal.takeWorker({ type: 'document', document: list });
    assert.equal(portal.model.state.feeds.get('apps')?.is, 'cached');
    const reading = await begun({ known: MARA });
    reading.portal.takeWorker({ type: 'document', document: list });
    assert.deepEqual(reading.model.state.feeds.get('apps'), {
      is: 'live',
      document: { ...list, resources: list.resources.toSorted((a, b) => a.name.localeCompare(b.name)) },
    });
  });

  test('B-W17b that a list could not be kept is not "ready" until one is kept again', async () => {
    const portal = await online();
    portal.portal.takeWorker({ type: 'saved', saved: true });
    assert.equal(portal.model.state.unsaved, false);
    portal.portal.takeWorker({ type: 'saved', saved: false });
    assert.equal(portal.model.state.unsaved, true);
    portal.portal.takeWorker({ type: 'saved', saved: true });
    assert.equal(portal.model.state.unsaved, false);
  });
});

describe('what the extension says', () => {
  test('of an outage counts at once; that it is over has the session asked for', async () => {
    const portal = await online();
    await portal.take({ event: 'workspace', state: 'outage', cause: 'dns' });
    const { portal: state } = portal.model.state;
    assert.ok(state.is === 'offline' && state.why.by === 'outage');
    assert.equal(state.why.cause, 'dns');
    const before = portal.sessions.length;
    await portal.take({ event: 'workspace', state: 'back' });
    assert.equal(portal.sessions.length, before + 1);
    assert.equal(portal.did.at(-1), 'refresh');
  });

  test('an outage without a cause is one of the network', async () => {
    const portal = await online();
    await portal.take({ event: 'workspace', state: 'outage' });
    const { portal: state } = portal.model.state;
    assert.ok(state.is === 'offline' && state.why.by === 'outage');
    assert.equal(state.why.cause, 'network');
  });

  test('B-E5a that the person works offline is a choice, and back takes nothing from it', async () => {
    const portal = await online();
    await portal.take({ event: 'workspace', state: 'work-offline' });
    const { portal: state } = portal.model.state;
    assert.ok(state.is === 'offline' && state.why.by === 'choice');
    const before = portal.did.length;
    await portal.take({ event: 'workspace', state: 'back' });
    assert.equal(portal.did.length, before, 'no list is fetched');
    assert.equal(portal.is(), 'offline');
  });

  test('of a Workspace that is back has a lost part asked for again', async () => {
    const portal = await begun({ known: MARA });
    await portal.signIn(MARA);
    await portal.pass(2_000);
    assert.equal(portal.is(), 'degraded');
    const before = portal.feeds.length;
    await portal.take({ event: 'workspace', state: 'back' });
    assert.equal(portal.feeds.length, before + 2);
  });

  test('of another Workspace is nobody’s here', async () => {
    const portal = await online();
    const status = { state: 'failed' } as const;
    await portal.take({ event: 'sync', workspace: 'https://other.example', subject: MARA.user.subject, status });
    assert.notEqual(portal.model.state.sync?.state, 'failed');
    await portal.take({ event: 'sync', workspace: ORIGIN, subject: MARA.user.subject, status });
    assert.equal(portal.model.state.sync?.state, 'failed');
  });

  test('B-W22a of a session that was cut is told in a strip, and put away there', async () => {
    const portal = await online();
    portal.portal.watchLosses(driveLosses);
    const resource = { feed: 'apps', id: 'ledger' };
    portal.model.set({ sessions: [{ ...RUNNING, resource }], reachability: new Map() });
    const event = {
      event: 'launch',
      workspace: ORIGIN,
      subject: MARA.user.subject,
      resource,
      correlationId: RUNNING.correlationId,
    } as const;
    await portal.take({ ...event, phase: 'ended', mode: 'lease', error: { code: 3023 } });
    assert.deepEqual([...portal.model.state.losses.byLocation.keys()], ['zurich']);
    portal.portal.actions.putAway({ what: 'loss', location: 'zurich' });
    assert.deepEqual([...portal.model.state.losses.byLocation.keys()], []);
  });
});

const RUNNING = {
  session: 'AAAAAAAAAAAAAAAAAAAAAA',
  name: 'Ledger',
  protocol: 'rdp',
  sessionHost: 'zurich-host-1',
  location: 'zurich',
  route: 'direct',
  mode: 'lease',
  since: START,
  viewer: 'FreeRDP',
  correlationId: '7f3a-91c2-0000',
} as const;

describe('what the person does', () => {
  test('B-W16b a favourite is marked and unmarked, and kept', async () => {
    const portal = await online();
    portal.portal.actions.favourite('apps/ledger');
    assert.deepEqual(
      [portal.model.state.favourites, portal.kept.get('mara-keller-1')],
      [new Set(['apps/ledger']), new Set(['apps/ledger'])],
    );
    assert.equal(portal.did.at(-1), 'marked "mara-keller-1" true');
    portal.portal.actions.favourite('apps/ledger');
    assert.deepEqual([portal.model.state.favourites, portal.kept.get('mara-keller-1')], [new Set(), new Set()]);
    assert.equal(portal.did.at(-1), 'marked "mara-keller-1" false');
  });

  test('a notice that is put away stays away: of devices for good, of groups for this visit', async () => {
    const portal = await online();
    portal.portal.actions.putAway({ what: 'devices', until: 77 });
    assert.deepEqual([portal.model.state.devicesSeen, portal.did.at(-1)], [77, 'devices 77']);
    assert.equal(portal.model.state.groupsNoticeAway, false);
    portal.portal.actions.putAway({ what: 'groups' });
    assert.deepEqual([portal.model.state.groupsNoticeAway, portal.model.state.devicesSeen], [true, 77]);
  });

  test('B-W16e theme and single keys are kept', async () => {
    const { portal, model, did } = await online();
    portal.actions.theme('dark');
    portal.actions.singleKeys(false);
    assert.deepEqual([model.state.theme, model.state.singleKeys, did.slice(-2)], ['dark', false, ['theme "dark"', 'keys false']]);
  });

  test('search, filter and what is said are on the screen', async () => {
    const { portal, model } = await online();
    portal.actions.search('led');
    portal.actions.filter('desktop');
    portal.actions.say('Checking');
    assert.deepEqual([model.state.search, model.state.filter, model.state.said], ['led', 'desktop', 'Checking']);
  });

  test('"Copy details" says whether it worked; where not, the ID is on the screen', async () => {
    const { portal, model } = await online();
    const copied: string[] = [];
    const clipboard = (writeText: (text: string) => Promise<void>) =>
      Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText } });
    clipboard(async (text) => void copied.push(text));
    portal.actions.copyDetails({ code: 3022, correlationId: '7f3a91c2' });
    await settle();
    assert.deepEqual([copied.length, model.state.said], [1, 'Details copied']);
    assert.match(copied[0] ?? '', /7f3a91c2/u);
    clipboard(() => Promise.reject(new Error('no')));
    portal.actions.copyDetails({ code: 3022, correlationId: '7f3a91c2' });
    await settle();
    assert.equal(model.state.said, 'The browser does not allow copying. The ID is 7f3a91c2');
  });

  test('B-W10a signing out takes the lists away, here and in this browser', async () => {
    const portal = await online();
    portal.portal.actions.signOut();
    await settle();
    assert.deepEqual([portal.model.state.known, portal.model.state.feeds.size, portal.is()], [undefined, 0, 'signing-in']);
    assert.ok(portal.did.includes('remove all of mara-keller-1'));
    assert.ok(portal.did.includes('end the session'));
  });
});
