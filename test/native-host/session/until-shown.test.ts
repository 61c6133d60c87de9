/** When a session counts as open, by a clock that stands still. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HoldfastError } from '#protocol/errors';
import type { Timing } from '#runtime/machine/drive';
import type { RelayEnd } from '../../../native-host/session/relay.ts';
import { type Shown, unshown, untilShown } from '../../../native-host/session/until-shown.ts';
import type { Standing } from '../../../native-host/viewers/viewer-words.ts';

/** A viewer that is what it is told to be, and what became of it. */
function viewer() {
  const state: { standing: Standing; shown?: Shown; asked: number } = { standing: 'connecting', asked: 0 };
  const later = new Set<{ readonly at: number; readonly run: () => void }>();
  let now = 0;
  const clock: Timing = {
    now: () => now,
    after(ms, run) {
      const one = { at: now + ms, run };
      later.add(one);
      return () => void later.delete(one);
    },
  };
  const over = Promise.withResolvers<RelayEnd>();
  const program = { standing: () => state.standing, gone: async () => {} };
  const shown = untilShown(program, { bytesWritten: 1 }, { over: over.promise }, () => (state.asked += 1), clock);
  const settled = shown.then((found) => {
    state.shown = found;
  });
  return {
    state,
    end: async (end: RelayEnd) => {
      over.resolve(end);
      await settled;
    },
    async pass(ms: number) {
      for (const goal = now + ms; now < goal; ) {
        now += 20;
        for (const one of [...later].filter(({ at }) => at <= now)) {
          later.delete(one);
          one.run();
        }
      }
      await Promise.resolve();
      await Promise.resolve();
    },
  };
}

test('B-N8h a viewer that shows nothing in 21 s is late, one that shows its desktop is not', async () => {
  const { state, pass } = viewer();
  await pass(20_000);
  assert.equal(state.shown, undefined);
  await pass(2_000);
  assert.deepEqual(state.shown, { is: 'late', asked: false });
  const other = viewer();
  await other.pass(20_000);
  other.state.standing = 'up';
  await other.pass(100);
  assert.deepEqual(other.state.shown, { is: 'shown' });
});

test('B-N9e while the viewer asks the person no deadline of a machine runs; after five minutes it is late', async () => {
  const { state, pass } = viewer();
  state.standing = 'asking';
  await pass(200_000);
  assert.deepEqual([state.shown, state.asked], [undefined, 1]);
  state.standing = 'connecting';
  await pass(60_000);
  assert.equal(state.shown, undefined);
  await pass(60_000);
  assert.deepEqual(state.shown, { is: 'late', asked: true });
});

test('what was shown was shown, however short it was', async () => {
  const { state, end } = viewer();
  state.standing = 'up';
  await end({ by: 'viewer', code: undefined });
  assert.deepEqual(state.shown, { is: 'shown' });
});

const refused = new HoldfastError(3026, { reason: 'sign-on-refused' });
const exited = new HoldfastError(3026, { reason: 'viewer-exit', status: 1 });
const ended = (by: RelayEnd['by'], asked: boolean, code?: RelayEnd['code']) => ({ is: 'ended', end: { by, code }, asked }) as const;
const told: readonly (readonly [
  what: string,
  shown: Exclude<Shown, { is: 'shown' }>,
  refusal: HoldfastError | undefined,
  answer: string,
])[] = [
  ['what the viewer says counts first', ended('host', false), refused, 'hopeless 3026 sign-on-refused'],
  ['also when it stays until the deadline', { is: 'late', asked: false }, refused, 'hopeless 3026 sign-on-refused'],
  ['silence may be another session host’s luck', { is: 'late', asked: false }, undefined, 'unmet 3023 '],
  ['but nobody is asked again by itself', { is: 'late', asked: true }, undefined, 'hopeless 3023 '],
  ['a question that the person closes is their cancel', ended('viewer', true), undefined, 'hopeless 3024 '],
  ['a viewer that ends without a word', ended('viewer', false), undefined, 'unmet 3026 viewer-exit'],
  ['a server that ends it', ended('host', false), undefined, 'unmet 3026 server-ended'],
  ['a server that waited too long for the person', ended('host', true), undefined, 'hopeless 3026 server-ended'],
  ['a connection that is cut', ended('cut', false, 3023), undefined, 'unmet 3023 '],
];
for (const [what, shown, refusal, answer] of told) {
  test(`${what}: ${answer}`, () => {
    const word = unshown(shown, { refusal: () => refusal, failure: () => exited });
    assert.ok(word.type === 'hopeless' || word.type === 'unmet');
    assert.equal(`${word.type} ${word.error.code} ${word.error.reason ?? ''}`, answer);
  });
}
