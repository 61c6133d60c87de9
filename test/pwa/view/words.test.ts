import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DimReason, Openable } from '#core/access/openable';
import type { WireError } from '#protocol/errors';
import { ago, clockTime, dated, kindLine, noteOf, span, when } from '../../../pwa/view/words.ts';
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

describe('B-W4d each reason why a tile does not open has its words and what changes it', () => {
  const lease = {
    resource: { feed: 'apps', id: 'ledger' },
    name: 'Ledger',
    protocol: 'rdp',
    state: 'valid',
    kind: 'app',
    iat: 0,
    exp: NOW / 1_000 + 86_400,
    locations: ['zurich'],
  } as const;
  const location = { location: 'zurich', name: 'Zurich', state: 'unreachable' } as const;
  const REASONS: readonly (readonly [reason: DimReason, badge: string, first: RegExp, second: RegExp])[] = [
    [{ why: 'no-lease' }, 'key', /^No saved access/u, /next sign-in$/u],
    [{ why: 'lease-ended', endedAt: NOW }, 'clock', /^Saved access ended today, \d\d:\d\d$/u, /^Renewed at/u],
    [{ why: 'lease-unusable', code: 3007 }, 'key', /can’t be used$/u, /^Error 3007 ·/u],
    [{ why: 'lease-unusable', code: undefined }, 'key', /can’t be used$/u, /^Error 3002 ·/u],
    [{ why: 'denied', code: '3022' }, 'lock', /^Refused by the Workspace$/u, /^Error 3022 · ask your service desk$/u],
    [{ why: 'blocked', code: 3009 }, 'lock', /^Blocked by your administrator$/u, /^Error 3009$/u],
    [{ why: 'web' }, 'globe', /needs the internet$/u, /^Not covered/u],
    [
      { why: 'unreachable', location, lease: { ...lease, locations: ['zurich'] } },
      'location',
      /^Zurich can’t be reached$/u,
      /^Access is saved, 1 d left$/u,
    ],
    [{ why: 'not-leasable' }, 'lock', /^Not allowed offline$/u, /administrator$/u],
    [{ why: 'no-extension' }, 'no', /extension$/u, /reload this page$/u],
    [{ why: 'no-host' }, 'no', /host$/u, /does not answer/u],
  ];
  for (const [reason, badge, first, second] of REASONS) {
    test(`${reason.why}${'code' in reason ? ` ${reason.code}` : ''}`, () => {
      const note = noteOf({ can: 'not', reason }, NOW);
      assert.deepEqual([note?.glyph, note?.badge], ['no', badge]);
      assert.match(note?.first ?? '', first);
      assert.match(note?.second ?? '', second);
    });
  }

  test('a refusal for want of rights is the service desk’s, any other the place’s', () => {
    const note = (error: WireError) => {
      const refusal = { resource: { feed: 'apps', id: 'ledger' }, location: 'zurich', name: 'Zurich', error, at: NOW - 61_000 };
      return noteOf({ can: 'not', reason: { why: 'refused', refusal } }, NOW);
    };
    assert.deepEqual([note({ code: 3022 })?.badge, note({ code: 3022 })?.first], ['lock', 'Refused by Zurich']);
    assert.deepEqual([note({ code: 3021 })?.badge, note({ code: 3021 })?.second], ['location', 'Error 3021 · asked 1 min ago']);
    const words = (reason: string) => note({ code: 3021, reason })?.first;
    assert.deepEqual(['connector-silent', 'host-silent', 'host-off'].map(words), [
      'Zurich can’t be reached',
      'No server for it answers in Zurich',
      'Its server in Zurich is off',
    ]);
  });

  test('a lease that ends soon has a clock, and a path without a route or a time has neither', () => {
    const opens = { can: 'open' as const, by: 'lease' as const, lease: { ...lease, locations: ['zurich'] }, soon: true };
    const path = { location: 'zurich', name: 'Zurich', state: 'reachable' } as const;
    assert.equal(noteOf({ ...opens, path }, NOW)?.glyph, 'clock');
    assert.equal(noteOf({ ...opens, path }, NOW)?.second, 'checked');
    assert.equal(noteOf({ ...opens, path: { ...path, route: 'gateway' } }, NOW)?.second, 'checked · through a gateway');
    const silent = { can: 'open', by: 'workspace', silent: location } as const;
    assert.equal(noteOf(silent, NOW)?.second, 'looks again by itself');
    assert.equal(noteOf({ ...silent, silent: { ...location, checkedAt: NOW } }, NOW)?.second, 'checked just now');
    assert.equal(noteOf({ can: 'open', by: 'web' }, NOW), undefined);
    assert.equal(noteOf({ can: 'wait' }, NOW), undefined);
  });
});

test('the next larger unit begins with its own size', () => {
  assert.deepEqual([59 * MINUTE, 60 * MINUTE, 61 * MINUTE, 1_439 * MINUTE, 1_440 * MINUTE, 1_500 * MINUTE].map(span), [
    '59 min',
    '1 h',
    '1 h 1 min',
    '23 h 59 min',
    '1 d',
    '1 d 1 h',
  ]);
  assert.equal(ago(NOW - MINUTE, NOW), '1 min ago');
});

test('a time of today has no date, one of another day has day and month', () => {
  const at = new Date(2026, 10, 21, 9, 5).getTime();
  const plain = (words: string) => words.replaceAll('\u00a0', ' ');
  assert.deepEqual([clockTime(at), when(at, at + 1), dated(at, at + 1)], ['09:05', '09:05', 'today, 09:05']);
  const next = new Date(2026, 10, 22, 0, 0).getTime();
  assert.deepEqual([plain(when(at, next)), plain(dated(at, next))], ['Sat 21 Nov, 09:05', 'Sat 21 Nov, 09:05']);
});

test('a tile of a web app, or without a place, names its kind alone', () => {
  assert.equal(kindLine({ id: 'wiki', name: 'Wiki', kind: 'web', url: 'https://wiki.example' }), 'Web app');
});
