import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import test from 'node:test';
import { listenFault } from '#runtime/service/listen-fault';
import { refusedWith } from '../../refused-with.ts';

const failing = (code: string, syscall = 'listen') => Object.assign(new Error(code), { code, syscall, address: '10.9.8.7', port: 443 });

test('an address that is not this machine’s is named', async () => {
  const server = createServer().listen(1, '192.0.2.1');
  const [error] = await once(server, 'error');
  assert.ok(refusedWith('bad_config', /no address 192\.0\.2\.1/u)(listenFault(error)));
});

test('a port that the service may not have, or that is in use, is named', () => {
  assert.ok(refusedWith('bad_config', /port 443.*CAP_NET_BIND_SERVICE/u)(listenFault(failing('EACCES'))));
  assert.ok(refusedWith('port_in_use', /443/u)(listenFault(failing('EADDRINUSE'))));
});

test('what has nothing to do with listening stays what it is', () => {
  assert.equal(listenFault(failing('EACCES', 'open')), undefined);
  assert.equal(listenFault(new Error('a bug')), undefined);
});
