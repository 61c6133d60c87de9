import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { whenJudged } from '../../../services/session-host/vnc-password-judged.ts';

/** What a server of this version sends, byte for byte; the judgement begins at the last. */
const STORIES = {
  '3.8, one type': [...Buffer.from('RFB 003.008\n'), 1, 2, ...Buffer.alloc(16, 7), 0],
  '3.8, three types': [...Buffer.from('RFB 003.008\n'), 3, 2, 5, 6, ...Buffer.alloc(16, 7), 0],
  '3.3': [...Buffer.from('RFB 003.003\n'), 0, 0, 0, 2, ...Buffer.alloc(16, 7), 0],
};

for (const [what, bytes] of Object.entries(STORIES)) {
  test(`RFB ${what}: the password is over with the first byte of its judgement, not before`, async () => {
    const server = new PassThrough();
    let judged = 0;
    const read: Buffer[] = [];
    whenJudged(server, () => {
      judged += 1;
    });
    server.on('data', (chunk: Buffer) => read.push(chunk));
    for (const byte of bytes.slice(0, -1)) server.write(Buffer.of(byte));
    await new Promise(setImmediate);
    assert.equal(judged, 0);
    server.write(Buffer.from([...bytes.slice(-1), 0, 0, 0]));
    server.end(Buffer.alloc(1_000));
    await new Promise((resolve) => server.once('end', resolve));
    assert.equal(judged, 1);
    assert.equal(Buffer.concat(read).length, bytes.length + 3 + 1_000, 'whoever else reads gets all of it');
  });
}

test('of as many types as there can be, sent in one piece, the judgement is seen, too', async () => {
  const server = new PassThrough();
  let judged = 0;
  whenJudged(server, () => {
    judged += 1;
  });
  const before = [...Buffer.from('RFB 003.008\n'), 255, ...Buffer.alloc(255, 2), ...Buffer.alloc(16, 7)];
  server.write(Buffer.from(before));
  await new Promise(setImmediate);
  assert.equal(judged, 0);
  const whole = new PassThrough();
  whenJudged(whole, () => {
    judged += 1;
  });
  whole.write(Buffer.from([...before, 0]));
  await new Promise(setImmediate);
  assert.equal(judged, 1);
});
