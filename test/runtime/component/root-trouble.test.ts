import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HoldfastError } from '#protocol/errors';
import { rootTrouble } from '#runtime/component/root-trouble';

function watched() {
  const lines: string[] = [];
  const say = (level: string) => (_fields: object, message: string) => void lines.push(`${level} ${message}`);
  const trouble = rootTrouble({ info: say('info'), warn: say('warn'), error: say('error') });
  return { trouble, said: () => lines.splice(0) };
}

test('that the root of trust is away is told once, is no complaint, and leaves one as it is', () => {
  const { trouble, said } = watched();
  trouble.answered('older list');
  assert.deepEqual(said(), ['warn older list']);
  for (const silence of ['unavailable', 'timeout'] as const) trouble.failed(new HoldfastError(silence));
  assert.deepEqual(said(), ['warn The root of trust does not answer; going on with what is known.']);
  assert.equal(trouble.complaint(), 'older list');
  trouble.answered('older list');
  assert.deepEqual(said(), ['info The root of trust answers again.']);
  trouble.answered(undefined);
  assert.deepEqual(said(), ['info What was wrong with the root of trust is put right.']);
  assert.equal(trouble.complaint(), undefined);
});

test('whatever the root of trust refuses with is a complaint', () => {
  for (const code of ['untrusted_peer', 'too_many', 'bad_request', 'conflict'] as const) {
    const { trouble, said } = watched();
    trouble.failed(new HoldfastError('unavailable'));
    trouble.failed(new HoldfastError(code));
    trouble.failed(new HoldfastError(code));
    assert.match(trouble.complaint() ?? '', new RegExp(`refuses it.*${code}`, 'u'));
    assert.deepEqual(said().slice(1), ['info The root of trust answers again.', `warn ${trouble.complaint()}`]);
  }
});

test('another key at its address is this component’s refusal, not the root’s', () => {
  const { trouble } = watched();
  trouble.failed(new HoldfastError('untrusted_peer', { reason: 'tls-pin', host: 'root.example.com', port: 443 }));
  assert.match(trouble.complaint() ?? '', /answers somebody else.*root\.example\.com/u);
});

test('a bug and a full disk are errors, and a complaint as well', () => {
  for (const thrown of [new TypeError('of undefined'), new Error('ENOSPC'), new HoldfastError('internal')]) {
    const { trouble, said } = watched();
    trouble.failed(thrown);
    assert.match(trouble.complaint() ?? '', /internal error/u);
    assert.deepEqual(said(), ['error Internal error.']);
  }
});
