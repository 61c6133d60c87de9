import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FAULTS, type Standing, type Step, stepsTo } from '../../../cli/up/fault.ts';

/** What a component is made of while it stands like that, and what each step does to it. */
interface Parts {
  process: boolean;
  frozen: boolean;
  slowed: boolean;
  errorServer: boolean;
}

const STANDS: Readonly<Record<Standing, Parts>> = {
  starting: { process: true, frozen: false, slowed: false, errorServer: false },
  up: { process: true, frozen: false, slowed: false, errorServer: false },
  stopped: { process: false, frozen: false, slowed: false, errorServer: false },
  failed: { process: false, frozen: false, slowed: false, errorServer: false },
  hung: { process: true, frozen: true, slowed: false, errorServer: false },
  slow: { process: true, frozen: false, slowed: true, errorServer: false },
  error: { process: false, frozen: false, slowed: false, errorServer: true },
};

/** Fails on a step that makes no sense there: the port would be taken, or there would be nobody to signal. */
const DO: Readonly<Record<Step, (parts: Parts) => void>> = {
  'start process'(parts) {
    assert.ok(!parts.process && !parts.errorServer);
    parts.process = true;
  },
  'end process'(parts) {
    assert.ok(parts.process && !parts.slowed);
    parts.process = parts.frozen = false;
  },
  freeze(parts) {
    assert.ok(parts.process && !parts.frozen && !parts.slowed);
    parts.frozen = true;
  },
  thaw(parts) {
    assert.ok(parts.frozen);
    parts.frozen = false;
  },
  'slow down'(parts) {
    assert.ok(parts.process && !parts.frozen && !parts.slowed);
    parts.slowed = true;
  },
  'speed up'(parts) {
    assert.ok(parts.slowed);
    parts.slowed = false;
  },
  'start error server'(parts) {
    assert.ok(!parts.process && !parts.errorServer);
    parts.errorServer = true;
  },
  'end error server'(parts) {
    assert.ok(parts.errorServer);
    parts.errorServer = false;
  },
};

const ALL: readonly Standing[] = ['starting', 'up', 'stopped', 'failed', 'hung', 'slow', 'error'];

for (const from of ALL) {
  for (const fault of FAULTS) {
    test(`${fault} from ${from} leads there, whatever was broken before`, () => {
      const parts = { ...STANDS[from] };
      const { steps, standing } = stepsTo(fault, from);
      for (const step of steps) DO[step](parts);
      assert.deepEqual(parts, STANDS[standing]);
    });
  }
}

test('the same fault twice changes nothing', () => {
  assert.deepEqual(stepsTo('hang', 'hung').steps, []);
  assert.deepEqual(stepsTo('restore', 'up').steps, []);
});
