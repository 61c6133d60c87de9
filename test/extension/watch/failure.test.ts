import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causeOf } from '../../../extension/watch/failure.ts';

test('only an outage is an outage', () => {
  const causes = {
    'net::ERR_CONNECTION_REFUSED': 'refused',
    'net::ERR_NAME_NOT_RESOLVED': 'dns',
    'net::ERR_CERT_AUTHORITY_INVALID': 'tls',
    'net::ERR_TIMED_OUT': 'timeout',
    'net::ERR_INTERNET_DISCONNECTED': 'no-network',
    'net::ERR_EMPTY_RESPONSE': 'closed',
    'net::ERR_ABORTED': null,
    'net::ERR_BLOCKED_BY_CLIENT': null,
    'net::ERR_NETWORK_CHANGED': null,
    NS_BINDING_ABORTED: null,
    NS_ERROR_UNKNOWN_HOST: 'dns',
  };
  for (const [error, cause] of Object.entries(causes)) assert.equal(causeOf(error), cause, error);
});
