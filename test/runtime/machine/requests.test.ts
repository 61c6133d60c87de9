import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRequests } from '#runtime/machine/requests';

function opened() {
  const timers = new Set<() => void>();
  const requests = openRequests<string>({
    after(_ms, run) {
      timers.add(run);
      return () => void timers.delete(run);
    },
  });
  const sent: number[] = [];
  const ask = () =>
    requests.ask(
      1_000,
      () => new Error('late'),
      (id) => void sent.push(id),
    );
  return { requests, timers, sent, ask };
}

test('each reply goes to its request, in whatever order they come', async () => {
  const { requests, timers, sent, ask } = opened();
  const replies = [ask(), ask()];
  assert.deepEqual(sent, [1, 2]);
  requests.settle(2, 'second');
  requests.settle(1, 'first');
  assert.deepEqual(await Promise.all(replies), ['first', 'second']);
  assert.equal(timers.size, 0);
});

test('a request that is late is rejected, and its reply is then ignored', async () => {
  const { requests, timers, ask } = opened();
  const reply = ask();
  for (const run of timers) run();
  requests.settle(1, 'too late');
  await assert.rejects(reply, /late/u);
});

test('a closing rejects all that wait, and what can’t be sent is rejected at once', async () => {
  const { requests, timers, ask } = opened();
  const replies = Promise.allSettled([ask(), ask()]);
  requests.close(new Error('closed'));
  assert.deepEqual(
    (await replies).map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  const unsent = requests.ask(
    1_000,
    () => new Error('late'),
    () => {
      throw new Error('no way out');
    },
  );
  await assert.rejects(unsent, /no way out/u);
  assert.equal(timers.size, 0);
});
