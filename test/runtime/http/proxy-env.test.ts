import assert from 'node:assert/strict';
import test from 'node:test';
import { proxyFor } from '#runtime/http/proxy-env';

const HTTPS_PROXY = 'http://proxy.test:3128';
const isProxied = (url: string, no_proxy = '') => proxyFor(url, { HTTPS_PROXY, no_proxy }) !== undefined;

test('what leaves this machine goes by the proxy that the environment names; what stays on it never does', () => {
  assert.equal(proxyFor('https://login.test/x', { HTTPS_PROXY }), HTTPS_PROXY);
  assert.equal(proxyFor('https://login.test/x', { https_proxy: 'proxy.test:8080', HTTPS_PROXY }), 'http://proxy.test:8080');
  assert.equal(proxyFor('https://login.test/x', { HTTPS_PROXY: '' }), undefined);
  for (const url of ['http://login.localhost:7401', 'https://localhost', 'https://a.localhost', 'https://127.0.0.1:443', 'https://[::1]'])
    assert.equal(isProxied(url), false, url);
});

test('NO_PROXY names hosts and what is below them, addresses and blocks, ports, or everything', () => {
  const cases: readonly (readonly [exceptions: string, url: string, proxied: boolean])[] = [
    ['*', 'https://login.test', false],
    ['login.test', 'https://LOGIN.test', false],
    ['corp.test, other.test', 'https://login.corp.test', false],
    ['.corp.test', 'https://login.corp.test', false],
    ['*.corp.test', 'https://corp.test', false],
    ['corp.test', 'https://notcorp.test', true],
    ['login.test:8443', 'https://login.test', true],
    ['login.test:443', 'https://login.test', false],
    ['10.0.0.0/8', 'https://10.1.2.3', false],
    ['10.0.0.0/8', 'https://11.1.2.3', true],
    ['2001:db8::/32', 'https://[2001:db8::1]', false],
    ['10.1.2.3', 'https://10.1.2.3:8443', false],
    ['nonsense/99', 'https://10.1.2.3', true],
  ];
  for (const [exceptions, url, proxied] of cases) assert.equal(isProxied(url, exceptions), proxied, `${exceptions} ${url}`);
});
