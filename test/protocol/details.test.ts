import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMANDS, detailsOf } from '#protocol/details';
import { operators } from '#protocol/words/language';

test('details are all facts of an error, with the command that mends it', () => {
  const error = { code: 'missing_viewer', reason: 'ssh', correlationId: '7f3a-91c2' } as const;
  assert.equal(
    detailsOf(error, 0, { browser: 'Chrome' }),
    'error: missing_viewer ssh\nbrowser: Chrome\ncommand: sudo apt install openssh-client xterm\ntime: 1970-01-01T00:00:00.000Z\nID: 7f3a-91c2',
  );
  assert.equal(
    detailsOf({ code: 3020, reason: 'list-stale', params: { age: 7 }, cause: 'timeout' }, 0),
    'error: 3020 list-stale\nage: 7\ncause: timeout\ntime: 1970-01-01T00:00:00.000Z',
  );
});

test('operators are told the same commands', () => {
  const reasons: Readonly<Record<string, Readonly<Record<string, string>>>> = { ...operators.reasons };
  const remedies = new Map(Object.entries(operators.codes).map(([code, { remedy }]) => [code, remedy]));
  for (const [code, command] of Object.entries(COMMANDS)) {
    if (typeof command === 'string') assert.ok(remedies.get(code)?.includes(command), code);
    else for (const [reason, one] of Object.entries(command)) assert.ok(reasons[code]?.[reason]?.includes(one), reason);
  }
});

test('an error that says nothing more has no gaps, and its command only where one mends it', () => {
  assert.equal(detailsOf({ code: 3024 }, 0), 'error: 3024\ntime: 1970-01-01T00:00:00.000Z');
  assert.equal(detailsOf({ code: 'missing_viewer' }, 0), 'error: missing_viewer\ntime: 1970-01-01T00:00:00.000Z');
  assert.equal(
    detailsOf({ code: 'host_missing' }, 0),
    'error: host_missing\ncommand: holdfast-host install\ntime: 1970-01-01T00:00:00.000Z',
  );
});
