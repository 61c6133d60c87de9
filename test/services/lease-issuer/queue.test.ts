import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { HoldfastError } from '#protocol/errors';
import { openQueue } from '../../../services/lease-issuer/queue.ts';
import { openStore } from '../../../services/lease-issuer/store.ts';
import { SILENT } from '../../log.ts';
import { refusedWith } from '../../refused-with.ts';
import { testDatabase } from '../database.ts';

const asks = (subject: string, jkt = subject) => ({ subject, jkt });
async function queue(t: TestContext, slots = 1) {
  const store = await openStore(await testDatabase(t), SILENT);
  t.after(() => store.close());
  let at = 1_000;
  const open = (owner = 'issuer') => openQueue(store, { owner, slots, now: () => at++ });
  const states = async () =>
    (await store.sql.selectFrom('lease_job').select(['subject', 'state', 'detail']).orderBy('queued_at').execute()).map((row) => ({
      ...row,
    }));
  return { open, states };
}

/** Asks, and tells once it is known to wait. */
async function ask(queue: Awaited<ReturnType<typeof openQueue>>, who: ReturnType<typeof asks>, signal = new AbortController().signal) {
  const heard = Promise.withResolvers<number>();
  const turn = queue.turn(who, signal, heard.resolve);
  turn.catch(() => {});
  return { turn, ahead: await Promise.race([heard.promise, turn.then(() => 0)]) };
}

test('B-L3a a job waits for its turn and hears how many go before', async (t) => {
  const { open, states } = await queue(t);
  const jobs = await open();
  const first = await (await ask(jobs, asks('a'))).turn;
  const second = await ask(jobs, asks('b'));
  assert.equal(second.ahead, 1);
  assert.equal(jobs.waiting(), 1);
  await first.finish({ leases: 3 });
  const turn = await second.turn;
  await turn.finish({ failed: 'timeout' });
  assert.deepEqual(await states(), [
    { subject: 'a', state: 'done', detail: null },
    { subject: 'b', state: 'failed', detail: 'timeout' },
  ]);
});

test('a restart costs nobody their place: who asks again goes before who came later', async (t) => {
  const { open } = await queue(t);
  const before = await open();
  await (await ask(before, asks('running'))).turn;
  await ask(before, asks('early'));
  // The process ends here without a word; the table remains.
  const after = await open();
  const holder = await (await ask(after, asks('running'))).turn;
  const late = await ask(after, asks('late'));
  const early = await ask(after, asks('early'));
  assert.equal(late.ahead, 1);
  assert.equal(early.ahead, 1);
  await holder.finish({ leases: 1 });
  await (await early.turn).finish({ leases: 1 });
  await (await late.turn).finish({ leases: 1 });
});

test('an instance that starts touches no other’s jobs: neither who runs there nor who waits', async (t) => {
  const { open, states } = await queue(t);
  const other = await open('other');
  const running = await (await ask(other, asks('running'))).turn;
  const waits = await ask(other, asks('waiting'));
  const mine = await open('mine');
  const stateOf = async (who: string) => (await states()).filter(({ subject }) => subject === who).map(({ state }) => state);
  assert.deepEqual(await stateOf('running'), ['running']);
  const turn = await (await ask(mine, asks('waiting'))).turn;
  assert.deepEqual((await stateOf('waiting')).sort(), ['queued', 'running'], 'its own row, not the other instance’s');
  await turn.finish({ leases: 1 });
  await running.finish({ leases: 1 });
  await (await waits.turn).finish({ leases: 2 });
  assert.deepEqual(await stateOf('waiting'), ['done', 'done']);
});

test('a device that asks again takes the place of its own former request', async (t) => {
  const { open } = await queue(t);
  const jobs = await open();
  const holder = await (await ask(jobs, asks('a'))).turn;
  const former = await ask(jobs, asks('b', 'device'));
  const later = await ask(jobs, asks('b', 'device'));
  await assert.rejects(former.turn, refusedWith('conflict'));
  await holder.finish({ leases: 0 });
  await (await later.turn).finish({ leases: 0 });
});

test('one person’s devices are bounded, and who goes away is forgotten', async (t) => {
  const { open } = await queue(t);
  const jobs = await open();
  await (await ask(jobs, asks('a'))).turn;
  const gone = new AbortController();
  const waiting = [];
  for (let device = 0; device < 7; device++) waiting.push((await ask(jobs, asks('a', `device-${device}`), gone.signal)).turn);
  await assert.rejects(
    jobs.turn(asks('a', 'one-more'), new AbortController().signal, () => {}),
    refusedWith('too_many'),
  );
  gone.abort(new HoldfastError('unavailable'));
  await Promise.allSettled(waiting);
  const again = await ask(jobs, asks('a', 'one-more'));
  assert.ok(again.ahead >= 1);
});

test('a device that asks twice at once after a restart: the first gives way, the second has its turn', async (t) => {
  const { open } = await queue(t);
  const before = await open();
  await (await ask(before, asks('a'))).turn;
  const jobs = await open();
  const forever = new AbortController().signal;
  const first = jobs.turn(asks('a'), forever, () => {});
  const second = jobs.turn(asks('a'), forever, () => {});
  const former = await first;
  assert.ok(refusedWith('conflict')(former.signal.reason));
  await former.finish({ failed: 'conflict' });
  await (await second).finish({ leases: 1 });
});

test('the bound of one person’s devices holds when all ask at once', async (t) => {
  const { open } = await queue(t);
  const jobs = await open();
  const gone = new AbortController();
  const all = Array.from({ length: 12 }, (_, device) => jobs.turn(asks('a', `device-${device}`), gone.signal, () => {}));
  const outcomes = Promise.allSettled(all);
  const refused = await Promise.all(
    all.slice(8).map((turn) =>
      turn.then(
        () => 'a turn',
        (thrown: unknown) => (refusedWith('too_many')(thrown) ? 'too many' : thrown),
      ),
    ),
  );
  assert.deepEqual(refused, Array(4).fill('too many'));
  gone.abort(new HoldfastError('unavailable'));
  await outcomes;
});
