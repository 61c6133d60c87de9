import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { endFamily, endFamilyGently, familyOf, identify, isAlive, type ProcessIdentity } from '../../../cli/up/process-identity.ts';
import { until } from '../../until.ts';

/** A process with a child of its own; resolves when both run. */
async function family(t: TestContext, script: string): Promise<{ head: ProcessIdentity; child: ChildProcess }> {
  const child = spawn('/bin/sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  const head = identify(child.pid ?? 0);
  assert.ok(head && child.stdout);
  t.after(() => endFamily(head));
  await once(child.stdout, 'data');
  return { head, child };
}

test('a process ends with everything that it started', async (t) => {
  const { head, child } = await family(t, 'sleep 600 & echo ready; wait');
  const members = familyOf(head);
  assert.equal(members.length, 2);
  endFamily(head);
  await once(child, 'exit');
  // A killed process is gone when the kernel has come round to it, not when kill(2) returns.
  await until('both have ended', () => !members.some(isAlive));
});

test('members may tidy up before they are ended', async (t) => {
  const { head, child } = await family(t, "trap 'exit 7' TERM; echo ready; while :; do sleep 0.05; done");
  const [code] = await Promise.all([once(child, 'exit').then(([exit]) => exit), endFamilyGently(head)]);
  assert.equal(code, 7);
});

test('a number that means another process by now is left alone', async (t) => {
  const { head } = await family(t, 'echo ready; exec sleep 600');
  endFamily({ pid: head.pid, startTime: `${Number(head.startTime) - 1}` });
  assert.ok(isAlive(head));
});
