import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { type RelayEnd, relay } from '../../../native-host/session/relay.ts';
import { socketPair } from '../../runtime/channel/loopback.ts';

/** Session host and viewer, and the two ends that are joined between them. */
async function joined(t: TestContext) {
  const [host, viewer] = await Promise.all([socketPair(), socketPair()]);
  t.after(() => {
    host.close();
    viewer.close();
  });
  const stop = new AbortController();
  const { over } = relay(host.near, viewer.far, stop.signal);
  return { host: host.far, viewer: viewer.near, inner: [host.near, viewer.far] as const, stop, over };
}

test('bytes go both ways, and what the session host said last still reaches the viewer', async (t) => {
  const { host, viewer, over } = await joined(t);
  viewer.write('hello');
  assert.equal(String((await once(host, 'data'))[0]), 'hello');
  host.end('goodbye');
  const heard: Buffer[] = [];
  for await (const chunk of viewer) heard.push(chunk);
  assert.equal(Buffer.concat(heard).toString(), 'goodbye');
  viewer.end();
  assert.deepEqual(await over, { by: 'host', code: undefined });
});

type Ends = Awaited<ReturnType<typeof joined>>;
const ENDINGS: readonly (readonly [says: string, end: (ends: Ends) => unknown, expected: RelayEnd])[] = [
  ['the viewer closes', ({ viewer }) => viewer.end(), { by: 'viewer', code: undefined }],
  ['the viewer breaks off', ({ viewer }) => viewer.resetAndDestroy(), { by: 'viewer', code: undefined }],
  ['the connection to the session host breaks', ({ host }) => host.resetAndDestroy(), { by: 'cut', code: 3023 }],
  ['it is stopped here', ({ stop }) => stop.abort(), { by: 'stopped', code: undefined }],
];
for (const [says, end, expected] of ENDINGS) {
  test(`where ${says}, both ends are closed, and who ended it is told`, async (t) => {
    const ends = await joined(t);
    for (const socket of [ends.host, ends.viewer]) socket.resume();
    await end(ends);
    assert.deepEqual(await ends.over, expected);
    assert.deepEqual(
      ends.inner.map(({ closed }) => closed),
      [true, true],
    );
  });
}

test('an end that was closed before it was joined ends the other', async (t) => {
  for (const [which, by] of [
    ['host', 'cut'],
    ['viewer', 'viewer'],
  ] as const) {
    const [host, viewer] = await Promise.all([socketPair(), socketPair()]);
    t.after(() => {
      host.close();
      viewer.close();
    });
    const gone = which === 'host' ? host.near : viewer.far;
    gone.destroy();
    await once(gone, 'close');
    const { over } = relay(host.near, viewer.far, new AbortController().signal);
    assert.deepEqual(await over, { by, code: undefined });
  }
});
