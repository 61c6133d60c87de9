/** From the attached channel to the end of the session: a viewer of the test's own, and the session host's end of a connection. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import type { FromSession, OpenOrder } from '#protocol/session-process';
import { newId } from '#runtime/jose/sign';
import { openLog } from '../../../native-host/log.ts';
import { runningSessions } from '../../../native-host/session/record.ts';
import { serveViewer } from '../../../native-host/session/serve-viewer.ts';
import type { Viewer } from '../../../native-host/viewers/viewer.ts';
import { socketPair } from '../../runtime/channel/loopback.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';
import { until } from '../../until.ts';
import { NOW } from '../../vectors/world.ts';
import { OWNER } from '../device.ts';

/** Says hello to the session host and tells what it hears, until its connection ends. */
const PROGRAM = `
const socket = require('node:net').connect(process.argv[1], () => socket.write('hello'));
socket.on('data', (heard) => console.log(String(heard)));
socket.on('close', () => process.exit(0));
`;
const VIEWER: Viewer = {
  protocol: 'rdp',
  name: 'Tester',
  file: process.execPath,
  door: () => 'socket',
  plan: async ({ door }) => ({
    file: process.execPath,
    args: ['-e', PROGRAM, door.kind === 'socket' ? door.path : ''],
    words: { up: /the desktop/u, asks: /password\?/u, refusals: [[/not let in/u, 'sign-on-refused']] },
  }),
};

async function served(t: TestContext, change: Partial<OpenOrder> = {}) {
  const home = await temporaryFolder(t);
  const folder = join(home, 'run', '0123abcd');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { near, far, close } = await socketPair();
  t.after(close);
  const stop = new AbortController();
  const words: FromSession[] = [];
  const context = {
    home,
    log: openLog(home),
    send: (word: FromSession) => void words.push(word),
    signal: stop.signal,
    askAgain: async () => false,
  };
  const order: OpenOrder = {
    type: 'open',
    ...OWNER,
    resource: { feed: 'apps', id: 'ledger', name: 'Ledger', kind: 'app', protocol: 'rdp' },
    mode: 'lease',
    grant: 'a.b.c',
    statement: 'd.e.f',
    sessionHost: 'zurich-host-1',
    location: 'zurich',
    meeting: { route: 'direct', address: { host: '127.0.0.1', port: 9 } },
    now: NOW,
    trust: { rootBundle: { payload: '', signatures: [] } },
    ...change,
  };
  const session = newId();
  const attached = {
    answer: { type: 'attached' as const, session, protocol: 'rdp' as const, signOn: {} },
    socket: near as TLSSocket,
  };
  const over = serveViewer(context, { folder, correlationId: '7f3a91c2', viewer: VIEWER, key: undefined }, order, attached);
  const [hello] = await once(far, 'data');
  assert.equal(String(hello), 'hello');
  const untilSaid = (type: FromSession['type']) => until(type, () => words.find((word) => word.type === type));
  return { home, session, far, stop, words, over, untilSaid };
}

test('a session is listed with where it runs from its desktop to its end, and then no more', async (t) => {
  const before = Date.now();
  const { home, session, far, words, over, untilSaid } = await served(t);
  assert.deepEqual(await runningSessions(home), [], 'a viewer alone is no session');
  far.write('the desktop');
  const running = await untilSaid('running');
  assert.ok(running.type === 'running');
  const { since, ...told } = running.session;
  assert.ok(since >= before && since <= Date.now());
  assert.deepEqual(told, {
    session,
    resource: { feed: 'apps', id: 'ledger' },
    name: 'Ledger',
    protocol: 'rdp',
    sessionHost: 'zurich-host-1',
    location: 'zurich',
    route: 'direct',
    mode: 'lease',
    viewer: 'Tester',
    correlationId: '7f3a91c2',
  });
  const [listed, ...others] = await runningSessions(home);
  assert.deepEqual(
    [listed?.session, listed?.workspace, listed?.subject, listed?.folder],
    [running.session, OWNER.workspace, OWNER.subject, '0123abcd'],
  );
  assert.equal(others.length, 0);
  far.end();
  await over;
  assert.deepEqual(
    words.map(({ type }) => type),
    ['opening', 'running', 'over'],
  );
  assert.equal('error' in (words.at(-1) ?? {}), false);
  assert.deepEqual(await readdir(join(home, 'sessions')), []);
});

test('a session through a gateway says which', async (t) => {
  const gateway = { id: 'gateway-1', address: { host: '127.0.0.1', port: 9 } };
  const { far, over, untilSaid } = await served(t, { gateway });
  far.write('the desktop');
  const running = await untilSaid('running');
  assert.ok(running.type === 'running');
  assert.deepEqual([running.session.route, running.session.gateway], ['gateway', 'gateway-1']);
  far.end();
  await over;
});

test('B-N9e while the viewer asks the person, that is said; what comes of it as well', async (t) => {
  const { home, far, words, over, untilSaid } = await served(t);
  far.write('password?');
  assert.deepEqual(await untilSaid('asking'), { type: 'asking', viewer: 'Tester' });
  far.end('mara is not let in');
  await over;
  const last = words.at(-1);
  assert.ok(last?.type === 'hopeless');
  assert.deepEqual([last.error.code, last.error.reason], [3026, 'sign-on-refused']);
  assert.deepEqual(await runningSessions(home), []);
});

test('a session that is ended here leaves no record and no viewer', async (t) => {
  const { home, far, stop, words, over, untilSaid } = await served(t);
  far.write('the desktop');
  await untilSaid('running');
  const closed = once(far, 'close');
  far.resume();
  stop.abort();
  await over;
  far.destroy();
  await closed;
  assert.equal(words.at(-1)?.type, 'over');
  assert.deepEqual(await readdir(join(home, 'sessions')), []);
});

test('3023 a connection to the session host that breaks ends the session with that code', async (t) => {
  const { far, words, over, untilSaid } = await served(t);
  far.write('the desktop');
  await untilSaid('running');
  far.resetAndDestroy();
  await over;
  const last = words.at(-1);
  assert.ok(last?.type === 'over');
  assert.equal(last.error?.code, 3023);
});
