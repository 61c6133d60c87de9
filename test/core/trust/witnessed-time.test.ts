import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_TIME, nextWitnessed, type Witness, type WitnessedTime } from '../../../core/trust/witnessed-time.ts';
import { DAY, NOW } from '../../vectors/world.ts';

type Signing = readonly [by: Witness, signed: number, own: number];
const after = (...signings: readonly Signing[]): WitnessedTime =>
  signings.reduce((before, [by, signed, own]) => nextWitnessed(before, by, signed, own), NO_TIME);

const CASES: readonly (readonly [what: string, signings: readonly Signing[], highest: number])[] = [
  ['what one signer says and the own clock has passed is past', [['list', NOW, NOW + 5]], NOW],
  ['what only the own clock says is not', [['list', NOW, NOW + 365 * DAY]], NOW],
  ['a signer that is ahead alone moves it as far as the own clock', [['lease', NOW + 365 * DAY, NOW]], NOW],
  [
    'two signers outvote a slow clock',
    [
      ['list', NOW, 0],
      ['lease', NOW - 60, 0],
    ],
    NOW - 60,
  ],
  [
    'a signer’s newer word replaces its earlier one',
    [
      ['list', NOW + 365 * DAY, 0],
      ['list', NOW, 0],
      ['lease', NOW + DAY, 0],
    ],
    NOW,
  ],
  [
    'it never falls',
    [
      ['list', NOW, NOW],
      ['list', NOW - DAY, NOW - DAY],
    ],
    NOW,
  ],
];
for (const [what, signings, highest] of CASES) {
  test(`of the time that a device takes as past: ${what}`, () => assert.equal(after(...signings).highest, highest));
}

test('each signer’s newest word is kept beside the mark', () => {
  assert.deepEqual(after(['list', NOW, NOW], ['lease', NOW - 60, NOW]), { highest: NOW, list: NOW, lease: NOW - 60 });
});

test('at first nothing is known to be past', () => {
  assert.deepEqual(NO_TIME, { highest: 0, list: 0, lease: 0 });
});
