import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splice } from '../../../runtime/channel/splice.ts';
import { readAll } from '../../services/whole-location.ts';
import { untilHolds } from '../../until.ts';
import { socketPair } from './loopback.ts';

async function joined() {
  const left = await socketPair();
  const right = await socketPair();
  const done = splice(left.far, right.far);
  const close = () => {
    left.close();
    right.close();
  };
  return { left: left.near, right: right.near, inner: [left.far, right.far], done, close };
}

test('bytes go both ways, and a half-close leaves the other way open', async () => {
  const { left, right, done, close } = await joined();
  left.end('question');
  assert.equal((await readAll(right)).toString(), 'question');
  right.end('answer');
  assert.equal((await readAll(left)).toString(), 'answer');
  assert.deepEqual(await done, { forth: 8, back: 6 });
  close();
});

test('when one side is cut, so is the other', async () => {
  const { left, right, done, close } = await joined();
  const cut = new Promise((resolve) => right.once('close', resolve));
  left.resetAndDestroy();
  right.resume();
  await done;
  right.end();
  await cut;
  close();
});

test('a slow reader stops the writer, and nothing is lost when the writer ends', async () => {
  const { left, right, inner, done, close } = await joined();
  const bytes = Buffer.alloc(8 * 1024 * 1024, 7);
  left.end(bytes);
  const [, sink] = inner;
  assert.ok(sink);
  await untilHolds(() => sink.writableNeedDrain);
  assert.ok(sink.writableLength < 1024 * 1024, `${sink.writableLength} bytes wait`);
  right.end();
  assert.equal((await readAll(right)).length, bytes.length);
  await done;
  close();
});
