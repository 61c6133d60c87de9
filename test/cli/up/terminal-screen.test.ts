import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { COMPONENTS } from '../../../cli/up/plan.ts';
import { SHOWN_GROUPS } from '../../../cli/up/terminal.ts';
import { draw, type Row, type Screen } from '../../../cli/up/terminal-screen.ts';

const rows: Row[] = [
  ...SHOWN_GROUPS.map((name): Row => ({ name, kind: 'group', standing: 'group', health: '6 of 6 up', address: 'all of them' })),
  ...COMPONENTS.map(({ name, service }): Row => ({ name, kind: service, standing: 'up', health: 'ready', address: '127.0.0.1:7400' })),
];
const screen: Screen = {
  url: 'http://workspace.localhost:7400',
  users: [
    { name: 'alice', password: 'k3m9xw7aqp2d' },
    { name: 'bob', password: 'p8zq4ncv6tyh' },
    { name: 'carla', password: 'w2jd5mrk8xgf' },
  ],
  rows,
  selected: 0,
  message: '',
  columns: 80,
  lines: 24,
};
const plain = (changes: Partial<Screen> = {}) => draw({ ...screen, ...changes }).map((line) => stripVTControlCharacters(line));

test('the whole system fits a terminal of 80 by 24', () => {
  const lines = plain();
  assert.ok(lines.length <= 24, `${lines.length} lines`);
  for (const line of lines) assert.ok(line.length <= 80, line);
  for (const { name } of rows)
    assert.ok(
      lines.some((line) => line.includes(name)),
      name,
    );
});

test('a small terminal scrolls to what is chosen', () => {
  const lines = plain({ lines: 10, selected: rows.length - 1 });
  assert.equal(lines.length, 10);
  assert.ok(lines.some((line) => line.includes(rows.at(-1)?.name ?? '')));
});

test('every standing has its own mark and its own word, not only a colour', () => {
  const standings = ['up', 'starting', 'stopped', 'hung', 'error', 'slow', 'failed'] as const;
  const seen = standings.map((standing) => plain({ rows: [{ name: 'x', kind: 'y', standing, health: '', address: '' }] })[3] ?? '');
  assert.equal(new Set(seen.map((line) => line[0])).size, standings.length);
  assert.equal(new Set(seen.map((line) => line.slice(24))).size, standings.length);
});

test('the keys are named in full', () => {
  assert.match(plain().at(-1) ?? '', /stop.*hang.*error.*slow.*restore.*quit/u);
});
