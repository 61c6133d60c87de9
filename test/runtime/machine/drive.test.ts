/** The driver by itself, with a machine made for it: a lamp that counts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Happening, type Step, same, type TimerEffect } from '#core/machines/step';
import { type DriveOptions, drive } from '#runtime/machine/drive';
import { handClock } from './hand-clock.ts';

type Lamp = { readonly is: 'dark' } | { readonly is: 'lit'; readonly times: number };
type LampEvent = Happening & { readonly type: 'press' | 'due' | 'dip' | 'nothing' };
type LampEffect = TimerEffect | { readonly do: 'shine'; readonly times: number } | { readonly do: 'say'; readonly words: string };

function next(state: Lamp, { type, at }: LampEvent): Step<Lamp, LampEffect> {
  if (type === 'nothing') return same(state);
  if (type === 'due') return { state: { is: 'dark' }, effects: [{ do: 'say', words: `dark at ${at}` }] };
  if (type === 'dip') return { state: { is: 'dark' }, effects: [{ do: 'rest' }, { do: 'say', words: 'dipped' }] };
  const times = state.is === 'lit' ? state.times + 1 : 1;
  return {
    state: { is: 'lit', times },
    effects: [
      { do: 'wait', until: at + 100 },
      { do: 'shine', times },
      { do: 'say', words: 'lit' },
    ],
  };
}

function lamp(change: Partial<DriveOptions<Lamp, LampEvent, LampEffect>> = {}) {
  const clock = handClock(1_000);
  const did: string[] = [];
  const driver = drive<Lamp, LampEvent, LampEffect>({
    first: { state: { is: 'dark' }, effects: [] },
    next,
    clock,
    due: (at) => ({ type: 'due', at }),
    effects: { shine: ({ times }) => void did.push(`shine ${times}`), say: ({ words }) => void did.push(words) },
    failed: (error, effect) => did.push(`${effect.do} failed: ${String(error)}`),
    ...change,
  });
  const tell = (type: LampEvent['type']) => driver.tell({ type, at: clock.now() });
  return { clock, did, driver, tell };
}

test('a driver carries the effects out in their order, those of the first state too', () => {
  const { did, tell, driver } = lamp({ first: { state: { is: 'lit', times: 4 }, effects: [{ do: 'say', words: 'first' }] } });
  tell('press');
  assert.deepEqual(did, ['first', 'shine 5', 'lit']);
  assert.deepEqual(driver.state, { is: 'lit', times: 5 });
});

test('what is told while a step is carried out waits until that step is done', () => {
  const did: string[] = [];
  const { tell } = lamp({
    effects: {
      shine: ({ times }, tellMore) => {
        did.push(`shine ${times}`);
        if (times < 3) tellMore({ type: 'press', at: 0 });
      },
      say: ({ words }) => void did.push(words),
    },
  });
  tell('press');
  assert.deepEqual(did, ['shine 1', 'lit', 'shine 2', 'lit', 'shine 3', 'lit']);
});

test('an effect of the first state may tell an event, too', () => {
  const { driver } = lamp({
    first: { state: { is: 'dark' }, effects: [{ do: 'say', words: 'hello' }] },
    effects: { shine: () => {}, say: ({ words }, tellMore) => (words === 'hello' ? tellMore({ type: 'press', at: 0 }) : undefined) },
  });
  assert.equal(driver.state.is, 'lit');
});

test('there is one timer: a second wait replaces the first, rest ends it', () => {
  const { clock, did, tell } = lamp();
  tell('press');
  clock.pass(60);
  tell('press');
  clock.pass(60);
  assert.ok(!did.includes('dark at 1100'), 'the first is replaced');
  clock.pass(40);
  assert.equal(did.at(-1), 'dark at 1160');
  tell('press');
  tell('dip');
  clock.pass(1_000);
  assert.equal(did.at(-1), 'dipped');
});

test('a timer that rings early by the clock is told at the time that was waited for', () => {
  const { clock, did, tell } = lamp();
  tell('press');
  clock.ringEarly(5);
  assert.equal(did.at(-1), 'dark at 1100');
});

test('each step is told before its effects, with what was before', () => {
  const did: string[] = [];
  const { tell } = lamp({
    stepped: (state, before, event) => did.push(`${before.is} ${event.type} ${state.is}`),
    effects: { shine: () => void did.push('shine'), say: () => {} },
  });
  tell('press');
  tell('nothing');
  assert.deepEqual(did, ['dark press lit', 'shine', 'lit nothing lit']);
});

test('what can’t be carried out is told, at once or later, and the effects after it are carried out', async () => {
  const { did, tell } = lamp({
    effects: {
      shine: () => {
        throw new Error('no bulb');
      },
      say: async () => Promise.reject(new Error('no voice')),
    },
  });
  tell('press');
  await new Promise(setImmediate);
  assert.deepEqual(did, ['shine failed: Error: no bulb', 'say failed: Error: no voice']);
});

test('a signal ends it: no timer, no step, no effect', () => {
  const stop = new AbortController();
  const { clock, did, driver, tell } = lamp({ signal: stop.signal });
  tell('press');
  stop.abort();
  clock.pass(1_000);
  tell('press');
  assert.deepEqual(did, ['shine 1', 'lit']);
  assert.deepEqual(driver.state, { is: 'lit', times: 1 });
});

test('a signal in the middle of a step ends it there', () => {
  const stop = new AbortController();
  const { did, tell } = lamp({ signal: stop.signal, stepped: () => stop.abort() });
  tell('press');
  assert.deepEqual(did, []);
});

function kept() {
  const saving: { readonly state: Lamp; readonly done: () => void; readonly fails: (error: unknown) => void }[] = [];
  const alarms: (number | undefined)[] = [];
  const did: string[] = [];
  const keep = {
    save: (state: Lamp) => new Promise<void>((done, fails) => saving.push({ state, done, fails })),
    saveFailed: (error: unknown) => void did.push(String(error)),
    alarm: (until: number | undefined) => void alarms.push(until),
  };
  const made = lamp({ keep, effects: { shine: ({ times }) => void did.push(`shine ${times}`), say: ({ words }) => void did.push(words) } });
  return { ...made, saving, alarms, did };
}
const settled = () => new Promise(setImmediate);

test('where the process may be stopped, effects wait until the state is saved, in their order', async () => {
  const { tell, saving, did } = kept();
  tell('press');
  tell('dip');
  await settled();
  assert.deepEqual(did, []);
  assert.deepEqual(
    saving.map(({ state }) => state.is),
    ['lit', 'dark'],
  );
  saving[1]?.done();
  await settled();
  assert.deepEqual(did, [], 'those of the step before come first');
  saving[0]?.done();
  await settled();
  assert.deepEqual(did, ['shine 1', 'lit', 'dipped']);
});

test('a state that can’t be saved is reported, and its effects still run', async () => {
  const { tell, saving, did } = kept();
  tell('press');
  saving[0]?.fails(new Error('full'));
  await settled();
  assert.deepEqual(did, ['Error: full', 'shine 1', 'lit']);
});

test('an alarm goes with the timer, so that a process that was stopped is woken', async () => {
  const { clock, tell, alarms, driver } = kept();
  tell('press');
  tell('dip');
  tell('press');
  assert.deepEqual(alarms, [1_100, undefined, 1_100]);
  clock.pass(100);
  assert.equal(driver.state.is, 'dark');
});
