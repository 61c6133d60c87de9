import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import fc from 'fast-check';
import { MAX_FRAME_BYTES } from '#protocol/channel';
import { HoldfastError } from '#protocol/errors';
import { encodeFrame, framesOver } from '../../../runtime/channel/frames.ts';
import { refusedWith } from '../../refused-with.ts';

test('frames come out as they went in, however the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 4 }),
      fc.integer({ min: 1, max: 40 }),
      async (values, size) => {
        const stream = new PassThrough();
        const bytes = Buffer.concat(values.map((value) => encodeFrame(value)));
        for (let at = 0; at < bytes.length; at += size) stream.write(bytes.subarray(at, at + size));
        stream.end();
        const frames = framesOver(stream);
        for (const value of values) assert.deepEqual(await frames.next(), JSON.parse(JSON.stringify(value)));
        assert.equal(await frames.next(), undefined);
      },
    ),
    { numRuns: 50 },
  );
});

test('what follows the last frame is still in the stream', async () => {
  const stream = new PassThrough();
  stream.write(Buffer.concat([encodeFrame({ last: true }), Buffer.from('raw bytes')]));
  assert.deepEqual(await framesOver(stream).next(), { last: true });
  stream.end();
  const rest: Buffer[] = [];
  for await (const chunk of stream) rest.push(Buffer.from(chunk));
  assert.equal(Buffer.concat(rest).toString(), 'raw bytes');
});

test('a frame over the cap is refused by its length alone', async () => {
  const stream = new PassThrough();
  const header = Buffer.alloc(4);
  header.writeUInt32BE(MAX_FRAME_BYTES + 1);
  stream.write(header);
  await assert.rejects(framesOver(stream).next(), refusedWith('too_large'));
  assert.throws(() => encodeFrame({ much: 'x'.repeat(MAX_FRAME_BYTES) }), refusedWith('too_large'));
});

test('a frame that is not JSON, or is cut short, is refused', async () => {
  const stream = new PassThrough();
  stream.write(Buffer.from([0, 0, 0, 2, 0x7b, 0x7b]));
  await assert.rejects(framesOver(stream).next(), refusedWith('bad_request'));
  const empty = new PassThrough();
  empty.write(Buffer.alloc(4));
  await assert.rejects(framesOver(empty).next(), refusedWith('bad_request'));
  const cut = new PassThrough();
  cut.end(Buffer.from([0, 0, 0, 9, 0x7b]));
  await assert.rejects(framesOver(cut).next(), refusedWith('unavailable'));
});

test('destroying the stream ends a waiting read with the reason', async () => {
  const stream = new PassThrough();
  stream.on('error', () => {});
  const waiting = framesOver(stream).next();
  stream.destroy(new HoldfastError('timeout'));
  await assert.rejects(waiting, refusedWith('timeout'));
});
