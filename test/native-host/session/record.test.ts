import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { RunningSession } from '#protocol/host';
import type { ProcessMark } from '#protocol/vault';
import { recordSession, runningSessions } from '../../../native-host/session/record.ts';
import { removeStaleSessions } from '../../../native-host/session/stale-sessions.ts';
import { NOW } from '../../vectors/world.ts';
import { newHome, OWNER } from '../device.ts';

const session: RunningSession = {
  session: 's'.repeat(22),
  resource: { feed: 'apps', id: 'ledger' },
  name: 'Ledger',
  protocol: 'rdp',
  sessionHost: 'zurich-host-1',
  location: 'zurich',
  route: 'direct',
  mode: 'lease',
  since: NOW,
  viewer: 'FreeRDP',
  correlationId: 'aaaa0002',
};

let home: string;
beforeEach(async () => {
  home = await newHome();
  await recordSession(home, OWNER, join(home, 'run', '0123abcd'), session);
});
afterEach(() => rm(home, { recursive: true, force: true }));

const records = () => readdir(join(home, 'sessions'));
/** The record as another machine that shares this home would have left it. */
async function rewrite(change: Partial<ProcessMark>): Promise<void> {
  const path = join(home, 'sessions', `${session.session}.json`);
  await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), ...change }));
}
/** Its folder below `run/`, an hour old. */
async function oldFolder(): Promise<void> {
  await mkdir(join(home, 'run', '0123abcd'), { recursive: true, mode: 0o700 });
  await utimes(join(home, 'run', '0123abcd'), NOW - 3_600, NOW - 3_600);
}

test('a session that runs here is listed with its person', async () => {
  const [file, ...others] = await runningSessions(home);
  assert.deepEqual([file?.session, file?.subject, others.length], [session, OWNER.subject, 0]);
});

for (const [where, change] of [
  ['another machine', { host: 'another-machine', boot: 'another' }],
  ['another namespace of this machine', { space: 'pid:[1]' }],
] as const) {
  test(`a session of ${where} that shares this home is neither listed here nor swept`, async () => {
    await oldFolder();
    await rewrite(change);
    assert.deepEqual(await runningSessions(home), []);
    await removeStaleSessions(home, NOW * 1_000);
    assert.deepEqual([await records(), await readdir(join(home, 'run'))], [[`${session.session}.json`], ['0123abcd']]);
  });
}

for (const [why, change] of [
  ['its process id belongs to another process', { started: '1' }],
  ['the machine has started anew', { boot: 'an earlier one' }],
] as const) {
  test(`a session is swept with its folder when ${why}`, async () => {
    await oldFolder();
    await rewrite(change);
    await removeStaleSessions(home, NOW * 1_000);
    assert.deepEqual([await records(), await readdir(join(home, 'run'))], [[], []]);
  });
}

test('B-N1d a record that another user could have written is not believed: no process is ended by it', async () => {
  await chmod(join(home, 'sessions', `${session.session}.json`), 0o666);
  assert.deepEqual(await runningSessions(home), []);
});
