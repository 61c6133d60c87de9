import assert from 'node:assert/strict';
import { test } from 'node:test';
import { behavioursIn, claimsIn, type RunTest, withTests } from './behaviour-list.ts';

const DOCUMENT = `## A heading
- B-G4 (a) Once. (b) It drains (slowly). (c) **+** Floods end.
- B-W3 After one visit: (a) the shell, (b) the icons.
- B-R10 Forced outage mode (for tests).
`;
const passed = (name: string, ...within: readonly string[]): RunTest => ({ name, within, passed: true });
const failed = (name: string, ...within: readonly string[]): RunTest => ({ name, within, passed: false });

/** Each part with its state, and which lines hold. */
function told(...tests: readonly RunTest[]) {
  const lines = withTests(behavioursIn(DOCUMENT), tests);
  return {
    states: Object.fromEntries(lines.flatMap(({ parts }) => parts.map(({ id, state }) => [id, state]))),
    hold: lines.filter(({ holds }) => holds).map(({ id }) => id),
  };
}

test('a line has its lettered parts; one without letters is its own', () => {
  assert.deepEqual(
    behavioursIn(DOCUMENT).map(({ parts }) => parts),
    [
      [
        { id: 'B-G4a', text: 'Once.' },
        { id: 'B-G4b', text: 'It drains (slowly).' },
        { id: 'B-G4c', text: '**+** Floods end.' },
      ],
      [
        { id: 'B-W3a', text: 'the shell,' },
        { id: 'B-W3b', text: 'the icons.' },
      ],
      [{ id: 'B-R10', text: 'Forced outage mode (for tests).' }],
    ],
  );
});

test('a name claims whatever it names, each once', () => {
  assert.deepEqual(claimsIn('B-G4a, B-W3b and B-G4a again: B-R10'), ['B-G4a', 'B-W3b', 'B-R10']);
  assert.deepEqual(claimsIn('no B-x1, nor AB-G4'), []);
});

test('a line holds when every part has tests and all of them passed', () => {
  assert.deepEqual(told(passed('B-W3a, B-W3b opens'), passed('B-R10 forced')).hold, ['B-W3', 'B-R10']);
  assert.deepEqual(told(passed('B-W3a the shell')).hold, []);
  const half = told(passed('B-W3a the shell'), passed('B-W3b the icons'), failed('B-W3b icons of the other feed'));
  assert.deepEqual([half.hold, half.states['B-W3a'], half.states['B-W3b'], half.states['B-G4a']], [[], 'held', 'failing', 'untested']);
});

test('the number of a line with parts claims none of them', () => {
  assert.deepEqual(told(passed('B-W3 opens')).states, told().states);
});

test('the name of a suite claims for every test in it, at any depth', () => {
  assert.deepEqual(told(passed('by ticket', 'B-R10 forced', 'in zurich')).hold, ['B-R10']);
  assert.equal(told(passed('by ticket', 'B-R10 forced'), failed('by lease', 'B-R10 forced')).states['B-R10'], 'failing');
});
