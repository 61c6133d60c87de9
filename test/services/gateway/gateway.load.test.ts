import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { attached, granted, openField, presentLease } from '../whole-location.ts';

const BLOCK = 64 * 1024;
const BLOCKS = 1_024;

/** Writes `BLOCKS` random blocks as fast as the stream takes them, ends it, and gives their digest. */
async function pour(stream: NodeJS.WritableStream): Promise<string> {
  const hash = createHash('sha256');
  const seed = randomBytes(BLOCK);
  for (let index = 0; index < BLOCKS; index++) {
    const block = Buffer.from(seed);
    block.writeUInt32BE(index, (index * 97) % (BLOCK - 4));
    hash.update(block);
    if (!stream.write(block)) await new Promise((resolve) => stream.once('drain', resolve));
  }
  stream.end();
  return hash.digest('hex');
}
async function digestOf(stream: NodeJS.ReadableStream): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest('hex');
}

test('64 MiB each way at once, through a gateway: every byte as it was', { timeout: 120_000 }, async (t) => {
  const atServer = Promise.withResolvers<Socket>();
  const field = await openField({ serve: atServer.resolve });
  t.after(() => field.close());
  await field.settled();
  const device = field.device();
  const channel = await field.open(field.gateway.address, { roles: ['gateway'] });
  const grant = granted(await channel.present(presentLease(field, device, channel), 5_000));
  const { channel: session, answer } = await field.attach(device, grant, field.gateway.address);
  attached(answer);
  const server = await atServer.promise;
  const raw = session.raw();
  const [sent, received, sentBack, receivedBack] = await Promise.all([pour(raw), digestOf(server), pour(server), digestOf(raw)]);
  assert.equal(received, sent);
  assert.equal(receivedBack, sentBack);
});
