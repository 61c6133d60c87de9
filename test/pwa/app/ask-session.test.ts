import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { type Asking, askInTurn } from '../../../pwa/app/ask-session.ts';
import type { SessionVerdict } from '../../../pwa/bridges/judge.ts';

const ANSWER: SessionVerdict = { is: 'signIn' };
const LATER: SessionVerdict = { is: 'failed', cause: 'server-error' };

/** A clock that is moved by hand. Held up: timers run later than they are due, as in a page that gets no processor. */
let now: number;
let timers: { readonly at: number; readonly run: () => void }[];
let asked: { readonly at: number; readonly answer: (verdict: SessionVerdict) => void }[];
let late: number[];
let asking: Asking;

function after(ms: number, run: () => void): () => void {
  const timer = { at: now + ms, run };
  timers.push(timer);
  return () => {
    timers = timers.filter((one) => one !== timer);
  };
}

function goTo(time: number, held: 'held up' | 'running' = 'running'): void {
  for (;;) {
    const [next] = timers.filter(({ at }) => at <= time).sort((one, other) => one.at - other.at);
    if (next === undefined) break;
    timers = timers.filter((one) => one !== next);
    now = held === 'held up' ? time : Math.max(now, next.at);
    next.run();
  }
  now = time;
}

beforeEach(() => {
  now = 0;
  timers = [];
  asked = [];
  late = [];
  asking = askInTurn(
    () => new Promise((answer) => void asked.push({ at: now, answer })),
    { after },
    { asks: 3, askEveryMs: 200 },
    1_050,
    () => late.push(now),
  );
});

const askedAt = () => asked.map(({ at }) => at);

describe('B-W8 the session is asked for', () => {
  test('three times while nobody answers, then the deadline rings, once', () => {
    goTo(5_000);
    assert.deepEqual(askedAt(), [0, 200, 400]);
    assert.deepEqual(late, [1_050]);
  });

  test('whichever ask is answered first counts', async () => {
    goTo(500);
    asked[1]?.answer(ANSWER);
    asked[0]?.answer(LATER);
    assert.equal(await asking.verdict, ANSWER);
  });

  test('and no more once it is stopped; what was asked may still be answered', async () => {
    goTo(100);
    asking.stop();
    goTo(5_000);
    assert.deepEqual(askedAt(), [0]);
    assert.deepEqual(late, []);
    asked[0]?.answer(ANSWER);
    assert.equal(await asking.verdict, ANSWER);
  });

  test('no ring after the stop between the last ask and the deadline', () => {
    goTo(700);
    asking.stop();
    goTo(5_000);
    assert.deepEqual(late, []);
  });

  test('an answer after the deadline is still told', async () => {
    goTo(2_000);
    asked[2]?.answer(ANSWER);
    assert.equal(await asking.verdict, ANSWER);
  });

  test('a page that is held up between two asks does not take the time from the last one’s answer', () => {
    goTo(200);
    goTo(1_200, 'held up');
    assert.deepEqual(askedAt(), [0, 200, 1_200]);
    goTo(1_849);
    assert.deepEqual(late, []);
    goTo(1_850);
    assert.deepEqual(late, [1_850]);
  });
});
