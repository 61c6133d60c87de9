import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causeOf } from '#protocol/causes';

const thrown = (code: unknown, cause?: unknown) => Object.assign(new Error('failed', { cause }), { code });

test('why an answer did not come is told by the system’s code', () => {
  const CAUSES = {
    ECONNREFUSED: 'refused',
    ECONNRESET: 'closed',
    EPIPE: 'closed',
    ENOTFOUND: 'dns',
    ETIMEDOUT: 'timeout',
    UND_ERR_HEADERS_TIMEOUT: 'timeout',
    ENETUNREACH: 'no-network',
    EHOSTUNREACH: 'unreachable',
    ERR_TLS_CERT_ALTNAME_INVALID: 'tls',
    CERT_HAS_EXPIRED: 'tls',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'tls',
    ERR_SSL_WRONG_VERSION_NUMBER: 'tls',
  };
  for (const [code, cause] of Object.entries(CAUSES)) assert.equal(causeOf(thrown(code)), cause, code);
});

test('or by the code of what caused it, the nearest first', () => {
  assert.equal(causeOf(new Error('fetch failed', { cause: thrown('ENOTFOUND') })), 'dns');
  assert.equal(causeOf(thrown('EACCES', thrown('ECONNREFUSED'))), 'refused');
  assert.equal(causeOf(thrown('ETIMEDOUT', thrown('ECONNREFUSED'))), 'timeout');
});

test('what has no such code has no cause', () => {
  for (const one of [undefined, 'ECONNREFUSED', { code: 'ECONNREFUSED' }, new Error('ECONNREFUSED'), thrown(7), thrown('EACCES')])
    assert.equal(causeOf(one), undefined);
});
