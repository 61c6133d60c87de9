import assert from 'node:assert/strict';
import test from 'node:test';
import { HoldfastError, toWireError } from '#protocol/errors';
import { readRefusal, readText } from '#runtime/http/answer';
import { refusedWith } from '../../refused-with.ts';

async function* bodyOf(...parts: string[]) {
  for (const part of parts) yield Buffer.from(part);
}

test('an answer is read up to its cap and not a byte further', async () => {
  assert.equal(await readText(bodyOf('Zür', 'ich'), 7), 'Zürich');
  let asked = 0;
  async function* endless() {
    for (;;) {
      asked++;
      yield Buffer.alloc(10);
    }
  }
  await assert.rejects(readText(endless(), 25), refusedWith('too_large'));
  assert.equal(asked, 3);
});

test('a refusal comes as it was sent, and what is no refusal of ours is an outage', async () => {
  const sent = JSON.stringify({ error: toWireError(new HoldfastError('conflict', { reason: 'asked-again' })) });
  const refusal = await readRefusal(bodyOf(sent), 'broker');
  assert.deepEqual([refusal.code, refusal.reason], ['conflict', 'asked-again']);
  for (const other of ['', 'null', '<html>', '{"error":{"code":"gone with the wind"}}', `{"error":"${'x'.repeat(20_000)}"}`]) {
    const outage = await readRefusal(bodyOf(other), 'broker');
    assert.equal(outage.code, 'unavailable');
    assert.match(outage.message, /broker/u);
  }
});
