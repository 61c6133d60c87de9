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
const ROUNDS = 12;

const endings = openEndings();
let flooded: Flooded;
before(async () => {
  flooded = await openFlooded(endings);
});
after(() => endings.end());

async function withinDeadline(what: string, ask: (deadlineMs: number) => Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const deadline = patience(DEADLINE_MS);
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
      const running = await startFlood(floodOf(flooded));
      try {
        for (let round = 0; round < ROUNDS; round++) {
          for (const [what, ask] of Object.entries(flooded.honest)) await withinDeadline(what, ask);
        }
      } finally {
        await running.stop();
      }
    });
  }
});

test('a block is made at once, however many anonymous callers ask to wait for it', async () => {
  const { root } = flooded.cloud;
  const running = await startFlood({
    kind: 'asking',
    ...listenerAt(root.ref.url),
    path: CLOUD.trust.path,
    tls: true,
    connections: 100,
  });
  try {
    await withinDeadline('a block', async () => {
      const target = { kind: 'device', jkt: 'A'.repeat(43) };
      const made = await root.admin('POST', '/v1/admin/blocks', { target, days: 1, anyway: true });
      assert.equal(made.status, 200);
    });
  } finally {
    await running.stop();
  }
});
