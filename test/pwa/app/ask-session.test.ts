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

const DEADLINE = { deadlineMs: 1_050, lateMs: 0 };
let witnesses: ((heard: boolean) => void)[];

function begin(deadline = DEADLINE): void {
  asking = askInTurn(
    {
      session: () => new Promise((answer) => void asked.push({ at: now, answer })),
      witness: () => new Promise((heard) => void witnesses.push(heard)),
      clock: { now: () => now, after },
      settings: { asks: 3, askEveryMs: 200 },
    },
    deadline,
    () => late.push(now),
  );
}

/** What has been decided has its consequences. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  now = 0;
  timers = [];
  asked = [];
  late = [];
  witnesses = [];
  begin();
});

const askedAt = () => asked.map(({ at }) => at);

describe('the session is asked for', () => {
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

  test('a page that runs in time needs no other witness', () => {
    goTo(5_000);
    assert.deepEqual(witnesses, []);
  });
});

describe('B-W8d, B-W8e time in which the page could not run is not the Workspace’s silence', () => {
  test('a page that is held up between two asks leaves the answer its whole time, and more', () => {
    goTo(200);
    goTo(1_200, 'held up');
    assert.deepEqual(askedAt(), [0, 200, 1_200]);
    goTo(1_200 + 1_050);
    assert.deepEqual([late, witnesses], [[], []]);
  });

  test('before it calls the Workspace silent, a page that was held up asks the worker; silence there too is an outage', async () => {
    goTo(200);
    goTo(600, 'held up');
    goTo(3_000);
    assert.deepEqual([late, witnesses.length], [[], 1]);
    witnesses[0]?.(false);
    await settle();
    assert.deepEqual(late, [3_000]);
  });

  test('a worker that says nothing either is no witness', async () => {
    goTo(200);
    goTo(600, 'held up');
    goTo(4_000);
    goTo(6_000);
    await settle();
    assert.equal(late.length, 1);
  });

  test('where the worker is answered the page asks once more, and then believes itself', async () => {
    goTo(200);
    goTo(600, 'held up');
    goTo(3_000);
    witnesses[0]?.(true);
    await settle();
    goTo(3_500);
    assert.deepEqual(askedAt().slice(3), [3_000, 3_200, 3_400]);
    goTo(8_000);
    assert.deepEqual([late, witnesses.length], [[4_050], 1]);
  });

  test('a page that came late to its first ask was held up before it', () => {
    asking.stop();
    begin({ deadlineMs: 1_050, lateMs: 500 });
    goTo(1_050 + 1_499);
    assert.deepEqual([late, witnesses], [[], []]);
    goTo(1_050 + 1_500);
    assert.equal(witnesses.length, 1);
  });

  test('stopped while the witness is asked, it never rings', async () => {
    goTo(200);
    goTo(600, 'held up');
    goTo(3_000);
    asking.stop();
    witnesses[0]?.(false);
    await settle();
    goTo(9_000);
    assert.deepEqual(late, []);
  });
});
