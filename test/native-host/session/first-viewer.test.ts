/** Until the viewer connects: a viewer of the shell's, and a door that says what came of it. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { FromSession } from '#protocol/session-process';
import type { FirstConnection, PrivateDoor } from '../../../native-host/session/door.ts';
import { firstViewer } from '../../../native-host/session/first-viewer.ts';
import type { Viewer, ViewerInput } from '../../../native-host/viewers/viewer.ts';
import { socketPair } from '../../runtime/channel/loopback.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';

interface Given {
  /** what comes of one viewer after the other */
  readonly firsts: readonly FirstConnection[];
  readonly script?: string;
  /** whether the host wants the viewer started again */
  readonly again?: boolean;
  readonly isCut?: boolean;
}

async function waited(t: TestContext, { firsts, script = 'exit 3', again = false, isCut = false }: Given) {
  const folder = await temporaryFolder(t);
  const left = [...firsts];
  const door: PrivateDoor = {
    at: { kind: 'socket', path: join(folder, 's') },
    async first(ended) {
      const next = left.shift() ?? assert.fail('no further viewer is expected');
      if (!next.came && next.why === 'viewer-ended') await ended;
      return next;
    },
    close: () => {},
  };
  const viewer: Viewer = {
    protocol: 'rdp',
    name: 'Shell',
    file: '/bin/sh',
    door: () => 'socket',
    plan: async () => ({
      file: '/bin/sh',
      args: ['-c', `echo x >> started; ${script}`],
      words: { up: /(?!)/u, asks: /(?!)/u, refusals: [[/not let in/u, 'sign-on-refused']] },
    }),
  };
  const input: ViewerInput = {
    folder,
    door: door.at,
    resource: { feed: 'apps', id: 'ledger', name: 'Ledger', kind: 'app', protocol: 'rdp' },
    signOn: {},
    key: undefined,
  };
  const words: FromSession[] = [];
  const log = { info() {}, warn() {}, error() {} };
  const context = {
    home: folder,
    log,
    send: (word: FromSession) => void words.push(word),
    signal: new AbortController().signal,
    askAgain: async () => again,
  };
  const found = await firstViewer(context, viewer, input, door, () => isCut);
  await found?.program.end();
  const said = words.map((word) => ('error' in word ? [word.type, word.error?.code, word.error?.reason] : [word.type]));
  return { found, said, started: (await readFile(join(folder, 'started'), 'utf8').catch(() => '')).length / 2 };
}

const ENDED: FirstConnection = { came: false, why: 'viewer-ended' };

test('a viewer that connects is what the session goes on with', async (t) => {
  const { far, close } = await socketPair();
  t.after(close);
  const { found, said } = await waited(t, { firsts: [{ came: true, connection: far }], script: 'sleep 60' });
  assert.equal(found?.connection, far);
  assert.deepEqual(said, [['opening']]);
});

test('3023 a viewer that does not connect in time is ended, and another path may be tried', async (t) => {
  const { found, said } = await waited(t, { firsts: [{ came: false, why: 'late' }], script: 'sleep 60' });
  assert.equal(found, undefined);
  assert.deepEqual(said, [['opening'], ['unmet', 3023, undefined]]);
});

test('3026 a viewer that ends because the session host is gone is not what failed', async (t) => {
  const { said, started } = await waited(t, { firsts: [ENDED], isCut: true, again: true });
  assert.deepEqual(said, [['opening'], ['unmet', 3026, undefined]]);
  assert.equal(started, 1);
});

test('a viewer that is stopped while it starts is nobody’s failure', async (t) => {
  const { found, said } = await waited(t, { firsts: [{ came: false, why: 'stopped' }], script: 'sleep 60' });
  assert.equal(found, undefined);
  assert.deepEqual(said, [['opening']]);
});

test('a viewer that says why it gave up is not started again', async (t) => {
  const { said, started } = await waited(t, { firsts: [ENDED], script: 'echo mara is not let in', again: true });
  assert.deepEqual(said, [['opening'], ['hopeless', 3026, 'sign-on-refused']]);
  assert.equal(started, 1);
});

test('a viewer that just ends is started once more where the host wants that', async (t) => {
  const { far, close } = await socketPair();
  t.after(close);
  const connects: FirstConnection = { came: true, connection: far };
  const { found, said, started } = await waited(t, { firsts: [ENDED, connects], again: true });
  assert.equal(found?.connection, far);
  assert.deepEqual(said, [['opening'], ['viewerFailed', 3026, 'viewer-exit'], ['opening']]);
  assert.ok(started >= 1);
  const refused = await waited(t, { firsts: [ENDED] });
  assert.equal(refused.found, undefined);
  assert.deepEqual(refused.said, [['opening'], ['viewerFailed', 3026, 'viewer-exit']]);
  assert.equal(refused.started, 1);
});
