/** A launch ticket's 90 seconds, really waited for. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { TIMES } from '#protocol/limits';
import { onCopiesIn } from './copies.ts';
import { type Harness, startHarness } from './harness.ts';
import { prepare } from './outages.ts';
import { presentAgain, ticketOf } from './tickets.ts';

let holdfast: Harness;
before(async () => {
  holdfast = await startHarness();
});
after(() => holdfast.end());

const { onCopy } = onCopiesIn(() => holdfast);

test('alice signs in once', (t) => prepare(t, holdfast));

test('B-L8c a launch ticket that nobody has used is refused after 90 s', async (t) => {
  const file = await ticketOf(t, holdfast, 'unused');
  await pause((TIMES.ticketSeconds + 1) * 1_000);
  await onCopy(async (device) => assert.equal(await presentAgain(device, file), 'ticket_expired'));
  await holdfast.system.untilUp();
});
