import assert from 'node:assert/strict';
import { rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { HoldfastError } from '#protocol/errors';
import { logs } from '../../native-host/handlers/logs.ts';
import { openLog, readLog } from '../../native-host/log.ts';
import { openDevice, type TestDevice } from './device.ts';

let device: TestDevice;
beforeEach(async () => {
  device = await openDevice();
});
afterEach(() => device.end());

test('lines carry time, level and correlation id, and no token or key', async () => {
  const log = openLog(device.home, () => new Date('2026-11-20T10:42:00Z'));
  log.info('launch of ledger', '7f3a91c2');
  log.warn(`refused eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJtYXJhIn0.c2ln and ${'k'.repeat(43)}\nsecond line`);
  log.error('sync', new HoldfastError('unavailable', { reason: 'status', status: 502 }, { cause: new Error('ECONNREFUSED') }), '7f3a91c3');
  assert.deepEqual(await readLog(device.home), [
    '2026-11-20T10:42:00.000Z info 7f3a91c2 launch of ledger',
    '2026-11-20T10:42:00.000Z warn - refused (token) and (key) second line',
    '2026-11-20T10:42:00.000Z error 7f3a91c3 sync: unavailable status status=502 (ECONNREFUSED)',
  ]);
  assert.equal((await stat(join(device.home, 'host.log'))).mode & 0o077, 0);
});

test('the log is moved aside at 1 MiB and never more than two are kept', async () => {
  const log = openLog(device.home);
  log.info('first');
  await truncate(join(device.home, 'host.log'), 1024 * 1024);
  log.info('second');
  assert.ok((await stat(join(device.home, 'host.log'))).size < 1_000);
  assert.ok((await readLog(device.home)).at(-1)?.endsWith('second'));
  await rm(join(device.home, 'host.log.1'));
});

test('logs come in pages that fit a message, the newest page first', async () => {
  const log = openLog(device.home);
  for (let n = 0; n < 300; n += 1) log.info(`${n} ${'some words '.repeat(100)}`);
  const seen: string[] = [];
  for (let offset: number | undefined = 0; offset !== undefined; ) {
    const page: Awaited<ReturnType<typeof logs>> = await logs(device.host, { offset });
    assert.ok(JSON.stringify(page).length < 200_000);
    seen.unshift(...page.lines);
    offset = page.next;
  }
  assert.deepEqual(seen, await readLog(device.home));
  assert.equal(seen.length, 300);
});
