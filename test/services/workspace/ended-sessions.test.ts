import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { type TimeMark, timeMark } from '#runtime/files/time-mark';
import { openMetrics } from '#runtime/metrics/metrics';
import { openEndedSessions } from '../../../services/workspace/ended-sessions.ts';
import { lastSignOut, latestEnd, openStore, removeExpired } from '../../../services/workspace/store.ts';
import { SILENT } from '../../log.ts';
import { backUp } from '../backup.ts';
import { testDatabase } from '../database.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const START = 1_800_000_000_000;
const DAY = 86_400_000;
const ANYBODY = 'somebody-0123456789';

/** A database with instances of the service, each with a folder of its own. */
async function place(t: TestContext) {
  const database = await testDatabase(t);
  const clock = { ms: START };
  let store = await openStore(database, SILENT);
  t.after(() => store.close());
  const instance = async (mark?: TimeMark) => {
    const metrics = openMetrics();
    const ended = openEndedSessions({
      store: { exclusively: (name, work, kept) => store.exclusively(name, work, kept) },
      mark: mark ?? timeMark(await temporaryFolder(t), 'latest-end'),
      now: () => clock.ms,
      log: SILENT,
      metrics,
    });
    return { ...ended, restores: async () => Number(/database_restored_total (\d+)/u.exec((await metrics.text()).body)?.[1]) };
  };
  const backup = async () => {
    const restore = await backUp(t, database);
    return async () => {
      await store.close();
      await restore();
      store = await openStore(database, SILENT);
    };
  };
  const latest = () => latestEnd(store.sql);
  const signedOut = () => lastSignOut(store, ANYBODY);
  const clean = () => removeExpired(store, clock.ms);
  return { clock, instance, backup, signedOut, latest, clean };
}

describe('B-I4e a restored database is noticed by what the folder remembers', () => {
  test('as soon as one end was lost, also where the clock was set back before it; never without', async (t) => {
    const { clock, instance, backup, signedOut } = await place(t);
    const one = await instance();
    await one.check();
    await one.note();
    const restore = await backup();
    clock.ms -= DAY;
    await one.check();
    assert.deepEqual([await one.restores(), await signedOut()], [0, 0]);
    await one.note();
    await restore();
    await one.check();
    assert.deepEqual([await one.restores(), await signedOut()], [1, START + 2], 'later than all that ended');
  });

  test('by every instance that has seen the end, and by one of them only', async (t) => {
    const { clock, instance, backup, signedOut } = await place(t);
    const [one, other] = [await instance(), await instance()];
    const restore = await backup();
    await one.note();
    await other.check();
    clock.ms += 1_000;
    await restore();
    await other.check();
    await one.check();
    assert.deepEqual([await other.restores(), await one.restores()], [1, 0]);
    assert.equal(await signedOut(), clock.ms);
  });

  test('before the next end is noted, which would hide it', async (t) => {
    const { clock, instance, backup, signedOut } = await place(t);
    const one = await instance();
    const restore = await backup();
    await one.note();
    clock.ms += 1_000;
    await restore();
    await one.note();
    assert.deepEqual([await one.restores(), await signedOut()], [1, START + 1_000]);
  });

  test('but a folder that can’t be written keeps nobody signed in', async (t) => {
    const { instance, latest } = await place(t);
    const one = await instance({
      read: () => 0,
      raise() {
        throw new Error('ENOSPC');
      },
    });
    await one.note();
    assert.equal(await latest(), START);
  });

  test('for as long as a sign-out is remembered', async (t) => {
    const { clock, instance, backup, signedOut, clean } = await place(t);
    const one = await instance();
    const restore = await backup();
    await one.note();
    await restore();
    await one.check();
    clock.ms += 30 * DAY;
    await clean();
    assert.notEqual(await signedOut(), 0);
    clock.ms += 2;
    await clean();
    assert.equal(await signedOut(), 0);
    await one.check();
    assert.equal(await one.restores(), 1, 'and is no second time');
  });
});
