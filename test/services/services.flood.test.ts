/** Floods against the real services, from sources of their own. Meanwhile honest callers are neither refused nor late. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CLOUD } from '#protocol/cloud-api';
import { openEndings } from '../../cli/up/endings.ts';
import { startFlood } from '../flood.ts';
import { patience } from '../patience.ts';
import { FLOODS, type Flooded, listenerAt, openFlooded } from './floods.ts';

/** ms: of the deadlines for what is asked here the shortest, that of a launch file (launches.ts) */
const DEADLINE_MS = 1_200;
/** ms that a launch takes without a flood on the quiet machine for which that is written */
const QUIET_LAUNCH_MS = 20;
const ROUNDS = 12;

const endings = openEndings();
let flooded: Flooded;
before(async () => {
  flooded = await openFlooded(endings);
});
after(() => endings.end());

/**
 * The deadline on this machine as it is now. Services, callers and flood share one process, which may have a fraction of a processor: where
 * the longest of the requests takes so many times longer before the flood, all may under it.
 */
async function deadlineNow(): Promise<number> {
  const calm: number[] = [];
  for (let n = 0; n < 3; n++) {
    const before = performance.now();
    await flooded.honest['a launch through the gateway']?.(patience(DEADLINE_MS));
    calm.push(performance.now() - before);
  }
  return Math.max(patience(DEADLINE_MS), Math.ceil((DEADLINE_MS * Math.max(...calm)) / QUIET_LAUNCH_MS));
}

async function withinDeadline(deadline: number, what: string, ask: (deadlineMs: number) => Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`${what}: no answer within ${deadline} ms`)), deadline);
  try {
    await Promise.race([ask(deadline), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

describe('B-S1h, B-S2a while one source floods, no other is refused or late, and health is answered', () => {
  for (const [name, floodOf] of Object.entries(FLOODS)) {
    test(`under ${name} no honest request is refused, and each is answered within its deadline`, async () => {
      const deadline = await deadlineNow();
      const running = await startFlood(floodOf(flooded));
      try {
        for (let round = 0; round < ROUNDS; round++) {
          for (const [what, ask] of Object.entries(flooded.honest)) await withinDeadline(deadline, what, ask);
        }
      } finally {
        await running.stop();
      }
    });
  }
});

test('a block is made at once, however many anonymous callers ask to wait for it', async () => {
  const { root } = flooded.cloud;
  const deadline = await deadlineNow();
  const running = await startFlood({
    kind: 'asking',
    ...listenerAt(root.ref.url),
    path: CLOUD.trust.path,
    tls: true,
    connections: 100,
  });
  try {
    await withinDeadline(deadline, 'a block', async () => {
      const target = { kind: 'device', jkt: 'A'.repeat(43) };
      const made = await root.admin('POST', '/v1/admin/blocks', { target, days: 1, anyway: true });
      assert.equal(made.status, 200);
    });
  } finally {
    await running.stop();
  }
});
