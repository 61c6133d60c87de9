import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openLog } from '../../../pwa/app/log.ts';

test('the page’s log keeps its newest 1,000 lines, each with its time and the ID that it is about', () => {
  const log = openLog(() => Date.UTC(2030, 4, 2));
  log.say('first');
  log.say('second', '7f3a91c2');
  assert.deepEqual(log.lines, ['2030-05-02T00:00:00.000Z portal - first', '2030-05-02T00:00:00.000Z portal 7f3a91c2 second']);
  for (let at = 0; at < 1_000; at += 1) log.say(`line ${at}`);
  assert.deepEqual([log.lines.length, log.lines[0]?.endsWith('line 0'), log.lines.at(-1)?.endsWith('line 999')], [1_000, true, true]);
});

test('a line has at most 2,000 characters: the extension takes no longer ones', () => {
  const log = openLog(() => 0);
  log.say('x'.repeat(5_000));
  assert.equal(log.lines[0]?.length, 2_000);
});
