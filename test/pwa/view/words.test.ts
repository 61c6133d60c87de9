import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Openable } from '#core/access/openable';
import type { WireError } from '#protocol/errors';
import { ago, kindLine, noteOf, span } from '../../../pwa/view/words.ts';
import { PUBLISHED } from '../people.ts';

const MINUTE = 60_000;
const NOW = 1_800_000_000_000;

describe('B-W19c age is shown, never guessed', () => {
  test('ages use the two largest units', () => {
    assert.equal(span(6 * 24 * 60 * MINUTE + 4 * 60 * MINUTE + 59 * MINUTE), '6 d 4 h');
    assert.equal(span(4 * 60 * MINUTE + 7 * MINUTE), '4 h 7 min');
    assert.equal(span(3 * MINUTE + 59_000), '3 min');
    assert.equal(span(24 * 60 * MINUTE), '1 d');
    assert.equal(span(-5), '0 min');
    assert.equal(ago(NOW - 59_000, NOW), 'less than 1 min ago');
    assert.equal(ago(NOW - 3 * MINUTE, NOW), '3 min ago');
  });

  test('"just now" is less than 5 s ago', () => {
    assert.equal(ago(NOW - 4_999, NOW), 'just now');
    assert.equal(ago(NOW - 5_000, NOW), 'less than 1 min ago');
  });

  test('B-W19a a tile says how fresh it is, and never guesses', () => {
    const lease = {
      resource: { feed: 'apps', id: 'ledger' },
      name: 'Ledger',
      protocol: 'rdp',
      state: 'valid',
      kind: 'app',
      iat: 0,
      exp: NOW / 1_000 + 6 * 86_400 + 4 * 3_600,
      locations: ['zurich'],
    } as const;
    const opens: Openable = {
      can: 'open',
      by: 'lease',
      lease: { ...lease, locations: ['zurich'] },
      soon: false,
      path: { location: 'zurich', name: 'Zurich', state: 'reachable', route: 'direct', checkedAt: NOW - 3 * MINUTE },
    };
    assert.deepEqual(noteOf(opens, NOW), {
      glyph: 'check',
      first: 'Opens offline · lease 6 d 4 h left',
      second: 'checked 3 min ago · direct',
    });
    assert.deepEqual(noteOf({ ...opens, path: undefined }, NOW), {
      glyph: 'ring',
      first: 'Opens offline · lease 6 d 4 h left',
      second: 'not checked yet',
    });
    assert.equal(noteOf({ can: 'open', by: 'workspace' }, NOW), undefined);
    const silent = { location: 'zurich', name: 'Zurich', state: 'unreachable', checkedAt: NOW } as const;
    assert.equal(noteOf({ can: 'open', by: 'workspace', silent }, NOW)?.first, 'Zurich can’t be reached');
  });
});

test('a tile that a location refused says what the location said: full says full', () => {
  const note = (error: WireError) => {
    const refusal = { resource: { feed: 'apps', id: 'ledger' }, location: 'zurich', name: 'Zurich', error, at: NOW - 1_000 };
    return noteOf({ can: 'not', reason: { why: 'refused', refusal } }, NOW);
  };
  const full = note({ code: 3021, reason: 'full' });
  assert.deepEqual([full?.first, full?.second], ['Zurich is full', 'Error 3021 · asked just now']);
  assert.equal(note({ code: 3021, reason: 'no-connector' })?.first, 'Zurich can’t be reached');
  assert.equal(note({ code: 3021, reason: 'not-registered' })?.first, 'No server for it answers in Zurich');
  assert.equal(note({ code: 3022, reason: 'not-entitled' })?.second, 'Error 3022 · ask your service desk');
  assert.equal(note({ code: 3020, reason: 'no-list' })?.first, 'Zurich can’t open it');
});

test('a tile names kind and first site', () => {
  const lines = new Map(PUBLISHED.map((resource) => [resource.id, kindLine(resource)]));
  assert.equal(lines.get('ledger'), 'App · Zurich');
  assert.equal(lines.get('build-server'), 'SSH · Zurich');
  assert.equal(lines.get('office-desktop'), 'Desktop · Zurich');
});
