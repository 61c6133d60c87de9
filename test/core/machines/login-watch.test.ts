/** The login watch of `state-machines.md`: every state with every event, then random sequences for the invariants. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { nextWatch, startWatch } from '#core/machines/login-watch';
import type {
  Evidence,
  PortalReport,
  Prompting,
  WatchEffect,
  WatchEvent,
  Watching,
  WatchSettings,
  WatchState,
} from '#core/machines/login-watch-states';

const WORKSPACE = 'https://workspace.contoso.example';
const START = startWatch().state;
const ON: WatchSettings = { on: true, seconds: 15 };
const OFF: WatchSettings = { on: false, seconds: 15 };

const watching: Watching = {
  is: 'watching',
  workspace: WORKSPACE,
  navigation: 1,
  host: 'workspace.contoso.example',
  place: 'opening',
  seconds: 15,
  deadline: 15_000,
  saved: 'unknown',
  overdue: false,
  doubt: null,
};
const prompting: Prompting = { is: 'prompting', workspace: WORKSPACE, navigation: 1, reason: { why: 'setting' }, shown: true };
const elsewhere: Watching = { ...watching, place: 'elsewhere', host: 'login.contoso.example' };
const inPortal: Watching = { ...watching, place: 'portal' };
const portalAsks: Watching = { ...watching, place: 'portal-sign-in' };
const nothingSaved: Watching = { ...elsewhere, saved: 'nothing' };
const overdue: Watching = { ...nothingSaved, deadline: null, overdue: true };
const tooLong: Prompting = { ...prompting, reason: { why: 'timeout', host: 'login.contoso.example', seconds: 15 } };
const typedAgain: Prompting = { ...prompting, reason: { why: 'again', host: 'login.contoso.example', seconds: 15 } };
const own: Watching = { ...watching, navigation: 'own' };

const workspace = (navigation: number, by: 'person' | 'page' | 'unknown' = 'person'): WatchEvent => ({
  type: 'workspace',
  at: 0,
  workspace: WORKSPACE,
  host: 'workspace.contoso.example',
  navigation,
  by,
});
const evidence = (kind: Evidence['kind']): WatchEvent => ({
  type: 'evidence',
  at: 1,
  evidence: { kind, host: 'workspace.contoso.example', cause: 'refused', at: 1 },
});
const hop: WatchEvent = { type: 'hop', at: 0, host: 'login.contoso.example' };
const left: WatchEvent = { type: 'left', at: 0 };
const portal = (report: PortalReport): WatchEvent => ({ type: 'portal', at: 0, report });
const due = (at: number): WatchEvent => ({ type: 'due', at });
const saved = (what: 'something' | 'nothing'): WatchEvent => ({ type: 'saved', saved: what, at: 0 });
const choose = (choice: 'offline' | 'again' | 'keep'): WatchEvent => ({ type: 'choice', choice, at: 20_000 });
const asked: WatchEvent = { type: 'asked', at: 0, workspace: WORKSPACE };

const shown: WatchEvent = { type: 'shown', at: 0 };

const DISARM = 'rest';
function words(effect: WatchEffect): string {
  if (effect.do === 'wait') return `wait ${effect.until}`;
  if (effect.do === 'show') return effect.how === 'beside' ? 'show beside' : 'show';
  return effect.do === 'go' ? `go ${effect.to}` : effect.do;
}
/** The state as one word, with the reason or the place where it matters. */
function name(state: WatchState): string {
  if (state.is === 'prompting') return `prompting ${state.reason.why}`;
  if (state.is === 'watching') return `watching ${state.place}${state.overdue ? ', overdue' : ''}`;
  return state.is;
}

type Line = readonly [from: WatchState, event: WatchEvent, to: string, effects?: readonly string[], settings?: WatchSettings];

const STAYS: readonly string[] = [];
const TABLE: Readonly<Record<string, readonly Line[]>> = {
  idle: [
    [START, workspace(1), 'watching opening', ['wait 15000', 'probe']],
    [START, workspace(1, 'page'), 'watching opening', ['wait 15000', 'probe']],
    [START, workspace(1, 'unknown'), 'watching opening', ['wait 15000', 'probe']],
    [START, workspace(1), 'prompting setting', ['show'], OFF],
    [START, hop, 'idle', STAYS],
    [START, left, 'idle', STAYS],
    [START, portal('signing-in'), 'idle', STAYS],
    [START, portal('online'), 'idle', STAYS],
    [START, portal('offline'), 'idle', STAYS],
    [START, evidence('tab'), 'idle', STAYS],
    [START, evidence('silent'), 'idle', STAYS],
    [START, due(99_000), 'idle', STAYS],
    [START, choose('offline'), 'idle', STAYS],
    [START, choose('again'), 'idle', STAYS],
    [START, asked, 'prompting asked', ['show']],
    [START, shown, 'idle', STAYS],
    [START, saved('nothing'), 'idle', STAYS],
    [START, choose('keep'), 'idle', STAYS],
  ],
  watching: [
    [watching, workspace(1), 'watching opening', STAYS],
    [watching, workspace(2), 'prompting again', [DISARM, 'show']],
    [elsewhere, workspace(2), 'prompting again', [DISARM, 'show']],
    [watching, workspace(2, 'unknown'), 'watching opening', STAYS],
    [own, workspace(7), 'watching opening', STAYS],
    [elsewhere, workspace(1, 'page'), 'watching opening', ['probe']],
    [portalAsks, workspace(2, 'page'), 'watching opening', ['probe']],
    [watching, hop, 'watching elsewhere', STAYS],
    [watching, left, 'idle', [DISARM]],
    [watching, portal('loaded'), 'watching portal', STAYS],
    [watching, portal('signing-in'), 'watching portal-sign-in', STAYS],
    [watching, portal('online'), 'idle', [DISARM]],
    [watching, portal('degraded'), 'idle', [DISARM]],
    [watching, portal('offline'), 'idle', [DISARM]],
    [watching, portal('reconnecting'), 'watching opening', STAYS],
    [watching, evidence('tab'), 'prompting outage', [DISARM, 'show']],
    [inPortal, evidence('tab'), 'prompting outage', [DISARM, 'show']],
    [watching, evidence('silent'), 'prompting outage', [DISARM, 'show']],
    [elsewhere, evidence('silent'), 'prompting outage', [DISARM, 'show']],
    [inPortal, evidence('silent'), 'watching portal', STAYS],
    [portalAsks, evidence('silent'), 'watching portal-sign-in', STAYS],
    [watching, evidence('identity'), 'watching opening', STAYS],
    [inPortal, evidence('identity'), 'watching portal', STAYS],
    [elsewhere, evidence('identity'), 'prompting outage', [DISARM, 'show']],
    [portalAsks, evidence('identity'), 'prompting outage', [DISARM, 'show']],
    [watching, due(14_999), 'watching opening', STAYS],
    [watching, due(15_000), 'prompting timeout', [DISARM, 'show beside']],
    [nothingSaved, due(14_999), 'watching elsewhere', STAYS],
    [nothingSaved, due(15_000), 'watching elsewhere, overdue', [DISARM]],
    [nothingSaved, workspace(2), 'watching opening, overdue', [DISARM]],
    [nothingSaved, evidence('tab'), 'prompting outage', [DISARM, 'show']],
    [overdue, evidence('tab'), 'prompting outage', [DISARM, 'show']],
    [overdue, due(99_000), 'watching elsewhere, overdue', STAYS],
    [overdue, portal('online'), 'idle', [DISARM]],
    [overdue, saved('nothing'), 'watching elsewhere, overdue', STAYS],
    [overdue, saved('something'), 'prompting timeout', [DISARM, 'show beside']],
    [elsewhere, saved('something'), 'watching elsewhere', STAYS],
    [watching, choose('keep'), 'watching opening', STAYS],
    [{ ...watching, deadline: null }, due(99_000), 'watching opening', STAYS],
    [watching, choose('offline'), 'watching opening', STAYS],
    [watching, choose('again'), 'watching opening', STAYS],
    [watching, asked, 'prompting asked', [DISARM, 'show']],
    [watching, shown, 'watching opening', STAYS],
  ],
  prompting: [
    [prompting, workspace(1), 'prompting setting', STAYS],
    [prompting, workspace(2), 'prompting setting', ['show']],
    [prompting, workspace(2, 'page'), 'prompting setting', STAYS],
    [prompting, workspace(2, 'unknown'), 'prompting setting', STAYS],
    [prompting, hop, 'prompting setting', STAYS],
    [prompting, left, 'idle', ['close']],
    [prompting, portal('loaded'), 'prompting setting', STAYS],
    [prompting, portal('signing-in'), 'prompting setting', STAYS],
    [prompting, portal('online'), 'idle', ['close']],
    [prompting, portal('degraded'), 'idle', ['close']],
    [prompting, portal('offline'), 'idle', ['close']],
    [prompting, portal('reconnecting'), 'prompting setting', STAYS],
    [prompting, evidence('tab'), 'prompting setting', STAYS],
    [prompting, evidence('silent'), 'prompting setting', STAYS],
    [prompting, evidence('identity'), 'prompting setting', STAYS],
    [prompting, due(99_000), 'prompting setting', STAYS],
    [prompting, choose('offline'), 'idle', ['close', 'go offline']],
    [prompting, choose('again'), 'watching opening', ['close', 'go start', 'wait 35000', 'probe']],
    [prompting, choose('again'), 'watching opening', ['close', 'go start', 'rest', 'probe'], OFF],
    [prompting, asked, 'prompting asked', ['show']],
    [prompting, shown, 'prompting setting', STAYS],
    [prompting, choose('keep'), 'prompting setting', STAYS],
    [prompting, saved('nothing'), 'prompting setting', STAYS],
    [tooLong, choose('keep'), 'watching elsewhere', ['close']],
    [tooLong, choose('offline'), 'idle', ['close', 'go offline']],
    [tooLong, saved('something'), 'prompting timeout', STAYS],
    [tooLong, saved('nothing'), 'watching elsewhere, overdue', ['close']],
    [typedAgain, saved('nothing'), 'watching elsewhere, overdue', ['close']],
    [tooLong, workspace(2), 'prompting timeout', ['show']],
    [tooLong, evidence('tab'), 'prompting outage', ['show']],
    [typedAgain, evidence('tab'), 'prompting again', STAYS],
  ],
};

for (const [is, lines] of Object.entries(TABLE)) {
  describe(`login watch: ${is}`, () => {
    for (const [from, event, to, effects, settings = ON] of lines) {
      const detail = 'by' in event ? ` ${event.navigation} by ${event.by}` : 'report' in event ? ` ${event.report}` : '';
      const kind = 'evidence' in event ? ` ${event.evidence.kind}` : 'choice' in event ? ` ${event.choice}` : '';
      const off = settings.on ? '' : ', timeout off';
      test(`${name(from)} + ${event.type}${detail}${kind}${off} -> ${to}`, () => {
        const step = nextWatch(from, event, settings);
        assert.equal(name(step.state), to);
        assert.deepEqual(step.effects.map(words), effects ?? STAYS);
      });
    }
  });
}

test('sign-in that begins at a provider said to be down is asked about at once', () => {
  const doubtful = nextWatch(watching, evidence('identity'), ON).state;
  assert.equal(name(nextWatch(doubtful, hop, ON).state), 'prompting outage');
  assert.equal(name(nextWatch(doubtful, portal('signing-in'), ON).state), 'prompting outage');
  assert.equal(name(nextWatch(doubtful, portal('online'), ON).state), 'idle');
});

test('the window names the host that sign-in waits for and the seconds', () => {
  const { state } = nextWatch(nextWatch(watching, hop, ON).state, due(15_000), ON);
  assert.deepEqual(state.is === 'prompting' ? state.reason : null, { why: 'timeout', host: 'login.contoso.example', seconds: 15 });
});

test('B-E2f whoever keeps signing in is not asked again at any time, but told of an outage', () => {
  const kept = nextWatch(tooLong, choose('keep'), ON).state;
  assert.equal(nextWatch(kept, due(99_000), ON).state, kept);
  assert.equal(name(nextWatch(kept, evidence('tab'), ON).state), 'prompting outage');
  const returned = nextWatch(kept, workspace(3, 'page'), ON);
  assert.deepEqual(returned.effects.map(words), ['probe']);
  assert.equal(name(nextWatch(returned.state, due(99_000), ON).state), 'watching opening');
});

const anyEvent: fc.Arbitrary<WatchEvent> = fc.oneof(
  fc
    .record({ at: fc.nat(90_000), navigation: fc.nat(5), by: fc.constantFrom('person' as const, 'page' as const, 'unknown' as const) })
    .map((some) => ({ type: 'workspace' as const, workspace: WORKSPACE, host: 'workspace.contoso.example', ...some })),
  fc.constantFrom(hop, left, asked, shown, evidence('tab'), evidence('silent'), evidence('identity')),
  fc.constantFrom<PortalReport>('loaded', 'signing-in', 'online', 'degraded', 'offline', 'reconnecting').map(portal),
  fc.nat(90_000).map(due),
  fc.constantFrom(choose('offline'), choose('again'), choose('keep'), saved('something'), saved('nothing')),
);
const anySettings = fc.record({ on: fc.boolean(), seconds: fc.constantFrom(15, 30, 45, 60) });

test('login watch: at most one window, a deadline fires once, and the state says everything (random sequences)', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), anySettings, (events, settings) => {
      let state: WatchState = START;
      let open = false;
      let armed: number | null = null;
      for (const event of events) {
        // Whatever was kept in storage is all that a restarted worker has.
        const kept: WatchState = JSON.parse(JSON.stringify(state));
        const step = nextWatch(kept, event, settings);
        assert.deepEqual(step, nextWatch(state, event, settings));
        for (const effect of step.effects) {
          if (effect.do === 'show') open = true;
          if (effect.do === 'close') open = false;
          if (effect.do === 'wait') armed = effect.until;
          if (effect.do === 'rest') armed = null;
        }
        state = step.state;
        assert.equal(open, state.is === 'prompting', 'the window is open exactly while the tab is asked about');
        assert.equal(armed, state.is === 'watching' ? state.deadline : null, 'an alarm is set exactly while a deadline runs');
        if (event.type === 'due' && state.is === 'watching' && state.deadline !== null) assert.ok(event.at < state.deadline);
      }
    }),
    { numRuns: 500 },
  );
});
