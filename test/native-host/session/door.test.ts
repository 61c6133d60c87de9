import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type DoorAt, openDoor } from '../../../native-host/session/door.ts';
import { refusedWith } from '../../refused-with.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';

const NEVER = new Promise<never>(() => {});
const LONG_MS = 60_000;
const unaborted = new AbortController().signal;

function dial(t: TestContext, at: DoorAt): Socket {
  const socket = at.kind === 'socket' ? connect(at.path) : connect({ port: at.port, host: '127.0.0.1' });
  t.after(() => socket.destroy());
  return socket.on('error', () => {});
}

for (const kind of ['socket', 'port'] as const) {
  test(`a ${kind} lets one viewer in and no other`, async (t) => {
    const folder = await temporaryFolder(t);
    const door = await openDoor(kind, folder);
    if (door.at.kind === 'socket') assert.equal(door.at.path, join(folder, 's'));
    assert.equal(door.at.kind, kind);
    const waiting = door.first(NEVER, LONG_MS, unaborted);
    const viewer = dial(t, door.at);
    viewer.write('hello');
    const first = await waiting;
    assert.ok(first.came);
    const [bytes] = await once(first.connection.resume(), 'data');
    assert.equal(String(bytes), 'hello', 'nothing of it was read before');
    const late = dial(t, door.at);
    const [refused] = await once(late, 'error');
    assert.match(String(refused.code), /^(?:ECONNREFUSED|ENOENT)$/u);
    first.connection.destroy();
  });

  test(`a ${kind} lets nobody in while no viewer is expected`, async (t) => {
    const door = await openDoor(kind, await temporaryFolder(t));
    t.after(() => door.close());
    const early = dial(t, door.at).resume();
    await once(early, 'close');
    const waiting = door.first(NEVER, LONG_MS, unaborted);
    dial(t, door.at);
    const first = await waiting;
    assert.ok(first.came);
    first.connection.destroy();
  });
}

test('a viewer that is late, has ended or is not wanted any more is not waited for', async (t) => {
  const door = await openDoor('socket', await temporaryFolder(t));
  t.after(() => door.close());
  assert.deepEqual(await door.first(NEVER, 1, unaborted), { came: false, why: 'late' });
  assert.deepEqual(await door.first(Promise.resolve(), LONG_MS, unaborted), { came: false, why: 'viewer-ended' });
  const stop = new AbortController();
  const stopped = door.first(NEVER, LONG_MS, stop.signal);
  stop.abort();
  assert.deepEqual(await stopped, { came: false, why: 'stopped' });
});

test('3026 a folder whose path has no room for a socket is named', async (t) => {
  const root = await temporaryFolder(t);
  const long = (bytes: number) => join(root, 'x'.repeat(bytes - root.length - '/'.length - '/s'.length));
  for (const folder of [long(103), long(104)]) await mkdir(folder);
  (await openDoor('socket', long(103))).close();
  await assert.rejects(openDoor('socket', long(104)), refusedWith(3026, /\/s/u));
  (await openDoor('port', long(104))).close();
});
