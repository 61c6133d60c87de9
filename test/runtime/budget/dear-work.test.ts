import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as round } from 'node:timers/promises';
import { dearWork } from '#runtime/budget/dear-work';

/** Work that ends when it is told to. */
function begun(atOnce: number) {
  const share = dearWork(atOnce);
  const begins: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<string>>();
  return {
    begins,
    ask(name: string) {
      const end = Promise.withResolvers<string>();
      ends.set(name, end);
      return share(name.split('-', 1)[0] ?? '', () => {
        begins.push(name);
        return end.promise;
      });
    },
    async end(name: string, how: 'well' | 'badly' = 'well') {
      if (how === 'well') ends.get(name)?.resolve(name);
      else ends.get(name)?.reject(new Error(name));
      await round();
    },
  };
}

test('whoever asks once waits for one piece of work, however much another source has sent', async () => {
  const { begins, ask, end } = begun(2);
  for (let n = 1; n <= 50; n++) void ask(`flood-${n}`);
  const office = ask('office-1');
  void ask('home-1');
  await round();
  assert.deepEqual(begins, ['flood-1', 'flood-2']);
  await end('flood-2');
  await end('flood-1');
  await end('flood-3');
  assert.deepEqual(begins, ['flood-1', 'flood-2', 'flood-3', 'office-1', 'home-1']);
  await end('office-1');
  assert.equal(await office, 'office-1');
});

test('a source that is alone has all the places, in the order in which it asked', async () => {
  const { begins, ask, end } = begun(2);
  for (let n = 1; n <= 4; n++) void ask(`office-${n}`);
  await end('office-1');
  await end('office-2');
  assert.deepEqual(begins, ['office-1', 'office-2', 'office-3', 'office-4']);
});

test('work that fails gives its place back', async () => {
  const { begins, ask, end } = begun(1);
  const failing = assert.rejects(ask('a-1'), /a-1/u);
  void ask('b-1');
  await round();
  await end('a-1', 'badly');
  await failing;
  assert.deepEqual(begins, ['a-1', 'b-1']);
});
