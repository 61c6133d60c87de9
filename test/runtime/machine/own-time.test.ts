import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { afterOwnTime, type OwnTime } from '#runtime/machine/own-time';

const SETTINGS = { tickMs: 100, graceMs: 50, weight: 3, mostMs: 2_000 };

let now: number;
let timer: { readonly at: number; readonly run: () => void } | undefined;
let rang: number[];

const clock = {
  now: () => now,
  after(ms: number, run: () => void) {
    const mine = { at: now + ms, run };
    timer = mine;
    return () => {
      if (timer === mine) timer = undefined;
    };
  },
};

function begin(ms: number, lateMs = 0): OwnTime {
  return afterOwnTime(clock, ms, () => rang.push(now), { lateMs, settings: SETTINGS });
}

/** Every timer until then rings in time. */
function runTo(time: number): void {
  while (timer !== undefined && timer.at <= time) ring(timer.at);
  now = time;
}

/** The next timer rings then, however late that is. */
function ring(at: number): void {
  const due = timer ?? assert.fail('nothing waits');
  timer = undefined;
  now = at;
  due.run();
}

beforeEach(() => {
  now = 0;
  timer = undefined;
  rang = [];
});

describe('own time', () => {
  test('on a calm device it is the clock’s', () => {
    const own = begin(1_050);
    runTo(5_000);
    assert.deepEqual(rang, [1_050]);
    assert.equal(own.wasLate, false);
  });

  test('a timer a little late is no trouble of ours, and its time counts', () => {
    for (const ms of [140, 150]) {
      now = 0;
      rang = [];
      const own = begin(1_000);
      ring(ms);
      runTo(5_000);
      assert.deepEqual(rang, [1_000]);
      assert.equal(own.wasLate, false);
    }
  });

  test('time in which we could not run does not count, and gives the answer more', () => {
    const own = begin(1_000);
    // 200 ms late: none of it counts, and 600 ms are added to the 900 that are left.
    ring(300);
    runTo(5_000);
    assert.deepEqual(rang, [300 + 900 + 600]);
    assert.equal(own.wasLate, true);
  });

  test('a device that slept for an hour waits once more, and not for hours', () => {
    begin(1_000);
    ring(3_600_000);
    runTo(4_000_000);
    assert.deepEqual(rang, [3_600_000 + 900 + 2_000]);
  });

  test('being late over and over gives no more than the most', () => {
    begin(1_000);
    for (let tick = 1; tick <= 20; tick++) ring(tick * 500);
    assert.equal(rang.length, 0);
    runTo(20_000);
    assert.deepEqual(rang, [10_000 + 3_000 - 2_000]);
  });

  test('lateness from before it began counts in the same way', () => {
    for (const [lateMs, rings] of [
      [1, 1_003],
      [400, 2_200],
    ] as const) {
      now = 0;
      rang = [];
      const own = begin(1_000, lateMs);
      runTo(5_000);
      assert.deepEqual(rang, [rings]);
      assert.equal(own.wasLate, true);
    }
  });

  test('stopped, it never rings', () => {
    const own = begin(1_000);
    runTo(500);
    own.stop();
    runTo(5_000);
    assert.deepEqual(rang, []);
  });
});
