/** The race with anything in any order; its stories are in `test/transcripts/race/`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nextRace, RACE_SETTINGS, type RaceEffect, type RaceState, startRace } from '#core/machines/race';

test('whatever happens in whatever order: at most one is presented to at a time, a ticket once, one end, nothing left running', () => {
  const event = fc.oneof(
    fc.constant({ type: 'due' as const }),
    fc.record({ type: fc.constantFrom('hello' as const, 'failed' as const, 'granted' as const), candidate: fc.nat(4) }),
    fc.record({
      type: fc.constant('refused' as const),
      candidate: fc.nat(4),
      code: fc.constantFrom(3021 as const, 3022 as const),
      retryable: fc.boolean(),
    }),
  );
  fc.assert(
    fc.property(
      fc.array(fc.record({ route: fc.constantFrom('direct' as const, 'gateway' as const), location: fc.constantFrom('a', 'b') }), {
        maxLength: 5,
      }),
      fc.constantFrom('lease' as const, 'ticket' as const),
      fc.array(fc.tuple(fc.nat(3_000), event), { maxLength: 40 }),
      (ways, credential, happenings) => {
        const running = new Set<number>();
        let presented: number | undefined;
        let shows = 0;
        let ends = 0;
        const note = (effects: readonly RaceEffect[]) => {
          for (const effect of effects) {
            if (effect.do === 'start') {
              assert.ok(!running.has(effect.candidate));
              running.add(effect.candidate);
            } else if (effect.do === 'cancel') running.delete(effect.candidate);
            else if (effect.do === 'present') {
              assert.ok(presented === undefined || !running.has(presented));
              assert.deepEqual([...running], [effect.candidate]);
              presented = effect.candidate;
              shows += 1;
            } else if (effect.do === 'end') ends += 1;
          }
        };
        const first = startRace(ways, credential, 0, RACE_SETTINGS);
        let state: RaceState = first.state;
        note(first.effects);
        let at = 0;
        for (const [pause, each] of happenings) {
          at += pause;
          const before = state;
          const step = nextRace(state, { ...each, at }, RACE_SETTINGS);
          state = step.state;
          // A lane that has answered or failed by itself no longer runs.
          if ((each.type === 'failed' || each.type === 'refused') && state !== before) running.delete(each.candidate);
          note(step.effects);
        }
        for (let left = 60; state.is === 'racing' && left > 0; left--) {
          at += 1_000;
          const step = nextRace(state, { type: 'due', at }, RACE_SETTINGS);
          state = step.state;
          note(step.effects);
        }
        assert.equal(ends, 1);
        assert.ok(credential === 'lease' || shows <= 1);
        if (state.is === 'ended' && state.outcome.as === 'won') running.delete(state.outcome.by);
        assert.equal(running.size, 0);
      },
    ),
    { numRuns: 300 },
  );
});
