/** Every state with every event, and random sequences; the stories are in `test/transcripts/launch/`. */
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { nextLaunch, startLaunch } from '#core/machines/launch';
import { LAUNCH_SETTINGS, type LaunchEffect, type LaunchNews, type LaunchState } from '#core/machines/launch-states';

const AT = 1_000;
const SETTINGS = { ...LAUNCH_SETTINGS, backoffMs: [10, 20, 30] };
const LATE = AT + 1_000_000;

const redeeming = (mode: 'ticket' | 'lease', change: Partial<Extract<LaunchState, { is: 'redeeming' }>> = {}): LaunchState => ({
  is: 'redeeming',
  mode,
  behind: undefined,
  retries: 0,
  backoff: undefined,
  until: AT + 20_000,
  reopened: false,
  ...change,
});
const opening = (mode: 'ticket' | 'lease', reopened = false): LaunchState => ({
  is: 'opening',
  mode,
  behind: undefined,
  until: AT + 20_000,
  reopened,
});

const STATES = {
  finding: { is: 'finding', behind: undefined, until: AT + 500 },
  'finding after a ticket': { is: 'finding', behind: 3020, until: AT + 500 },
  checking: { is: 'checking', behind: undefined, until: AT + 500 },
  choosing: { is: 'choosing', behind: undefined },
  'redeeming a ticket': redeeming('ticket'),
  'redeeming a lease': redeeming('lease'),
  'redeeming the last time': redeeming('lease', { retries: 3 }),
  'waiting to redeem again': redeeming('lease', { retries: 1, backoff: AT + 10 }),
  'opening by ticket': opening('ticket'),
  'opening by lease': opening('lease'),
  'opening again': opening('lease', true),
  running: { is: 'running', mode: 'lease' },
  resuming: { is: 'resuming', mode: 'lease', until: AT + 120_000 },
  ended: { is: 'ended', outcome: { as: 'failed', code: 3024 } },
} as const satisfies Record<string, LaunchState>;
type Name = keyof typeof STATES;

const EVENTS = {
  found: { type: 'found' },
  'missing 3000': { type: 'missing', code: 3000 },
  'missing 3002': { type: 'missing', code: 3002 },
  'missing 3010': { type: 'missing', code: 3010 },
  good: { type: 'good' },
  'bad 3006': { type: 'bad', code: 3006 },
  'bad 3007': { type: 'bad', code: 3007 },
  'bad 3009': { type: 'bad', code: 3009 },
  'bad 3004': { type: 'bad', code: 3004 },
  chosen: { type: 'chosen' },
  'nowhere 3003': { type: 'nowhere', code: 3003 },
  'nowhere 3021': { type: 'nowhere', code: 3021 },
  granted: { type: 'granted' },
  'refused 3022': { type: 'refused', code: 3022, retryable: false, others: true },
  'refused 3026, others': { type: 'refused', code: 3026, retryable: false, others: true },
  'refused 3026': { type: 'refused', code: 3026, retryable: false, others: false },
  'refused 3020, retryable': { type: 'refused', code: 3020, retryable: true, others: false },
  'refused 3021, retryable': { type: 'refused', code: 3021, retryable: true, others: false },
  unanswered: { type: 'unanswered' },
  'unmet 3026': { type: 'unmet', code: 3026 },
  viewerFailed: { type: 'viewerFailed' },
  'hopeless 3026': { type: 'hopeless', code: 3026 },
  asking: { type: 'asking' },
  shown: { type: 'shown' },
  lost: { type: 'lost' },
  resumed: { type: 'resumed' },
  over: { type: 'over', cause: undefined },
  'over 3023': { type: 'over', cause: 3023 },
  'early deadline': { type: 'due' },
  'late deadline': { type: 'due' },
  cancel: { type: 'cancel' },
} as const satisfies Record<string, LaunchNews>;
type Happening = keyof typeof EVENTS;

/** What becomes of it: a state's name, `code` for a failed launch, `over` for a session's end. Pairs not named here change nothing. */
const TABLE: Record<Name, Partial<Record<Happening, string>>> = {
  finding: { found: 'checking', 'missing 3000': '3000', 'missing 3002': '3002', 'missing 3010': '3010', 'late deadline': '3002' },
  'finding after a ticket': {
    found: 'checking',
    'missing 3000': '3020',
    'missing 3002': '3020',
    'missing 3010': '3010',
    'late deadline': '3020',
  },
  checking: { good: 'choosing', 'bad 3006': '3006', 'bad 3007': '3007', 'bad 3009': '3009', 'bad 3004': '3004', 'late deadline': '3008' },
  choosing: { chosen: 'redeeming', 'nowhere 3003': '3003', 'nowhere 3021': '3021' },
  'redeeming a ticket': {
    granted: 'opening',
    'refused 3022': 'finding',
    'refused 3026, others': 'finding',
    'refused 3026': 'finding',
    'refused 3020, retryable': 'finding',
    'refused 3021, retryable': 'finding',
    unanswered: 'finding',
    'late deadline': 'finding',
  },
  'redeeming a lease': {
    granted: 'opening',
    'refused 3022': '3022',
    'refused 3026': '3026',
    unanswered: '3023',
    'late deadline': '3023',
  },
  'redeeming the last time': {
    granted: 'opening',
    'refused 3022': '3022',
    'refused 3026': '3026',
    'refused 3020, retryable': '3025',
    'refused 3021, retryable': '3021',
    unanswered: '3023',
    'late deadline': '3023',
  },
  'waiting to redeem again': { 'late deadline': '3023' },
  'opening by ticket': { shown: 'running', 'unmet 3026': 'finding', over: 'finding', 'over 3023': 'finding', 'late deadline': '3023' },
  'opening by lease': {
    shown: 'running',
    'unmet 3026': 'redeeming',
    over: 'redeeming',
    'over 3023': 'redeeming',
    'late deadline': '3023',
  },
  'opening again': {
    shown: 'running',
    viewerFailed: '3026',
    'unmet 3026': '3026',
    over: '3026',
    'over 3023': '3023',
    'late deadline': '3023',
  },
  running: { lost: 'resuming', over: 'over', 'over 3023': 'over 3023' },
  resuming: { resumed: 'running', over: 'over', 'over 3023': 'over 3023', 'late deadline': 'over 3023' },
  ended: {},
};

function nameOf(state: LaunchState): string {
  if (state.is !== 'ended') return state.is;
  if (state.outcome.as === 'failed') return `${state.outcome.code}`;
  return state.outcome.cause === undefined ? 'over' : `over ${state.outcome.cause}`;
}

/** Cancelling and what trying again would not help end every launch that has not ended; both are the same in all rows. */
function expectedOf(name: Name, happening: Happening): string {
  const state: LaunchState = STATES[name];
  const wasOpened = state.is === 'running' || state.is === 'resuming';
  if (state.is === 'ended') return nameOf(state);
  if (happening === 'cancel') return wasOpened ? 'over 3024' : '3024';
  if (happening === 'hopeless 3026' && !wasOpened) return '3026';
  return TABLE[name][happening] ?? state.is;
}

for (const name of Object.keys(STATES) as Name[]) {
  test(`a launch in ${name}: every event leads where the table says`, () => {
    for (const happening of Object.keys(EVENTS) as Happening[]) {
      const at = happening === 'late deadline' ? LATE : AT + 1;
      const step = nextLaunch(STATES[name], { ...EVENTS[happening], at }, SETTINGS);
      assert.equal(nameOf(step.state), expectedOf(name, happening), happening);
      if (step.state.is === 'ended' && STATES[name].is !== 'ended')
        assert.ok(
          step.effects.some((effect) => effect.do === 'stop'),
          `${happening} stops`,
        );
    }
  });
}

test('exactly one outcome is reported a launch, and cancel wins at any moment', () => {
  const events = Object.values(EVENTS);
  fc.assert(
    fc.property(
      fc.constantFrom('there' as const, 'none' as const, 'empty' as const),
      fc.array(fc.record({ event: fc.constantFrom(...events), after: fc.integer({ min: 0, max: 30_000 }) }), { maxLength: 40 }),
      (ticket, happenings) => {
        let at = 0;
        let step = startLaunch(ticket, at, SETTINGS);
        const effects: LaunchEffect[] = [...step.effects];
        for (const { event, after } of happenings) {
          at += after;
          const cancelled = nextLaunch(step.state, { type: 'cancel', at }, SETTINGS);
          assert.equal(cancelled.state.is, 'ended');
          step = nextLaunch(step.state, { ...event, at }, SETTINGS);
          effects.push(...step.effects);
        }
        effects.push(...nextLaunch(step.state, { type: 'cancel', at }, SETTINGS).effects);
        assert.equal(effects.filter((effect) => effect.do === 'report').length, 1);
        // A state that waits for somebody always has its deadline.
        const redeems = effects.filter((effect) => effect.do === 'redeem' && effect.mode === 'ticket').length;
        assert.ok(redeems <= 1, 'a ticket is shown once');
      },
    ),
  );
});
