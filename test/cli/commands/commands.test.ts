/** The command line as people call it: a process, its exit code, its words. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { hashPassword } from '../../../cli/password-hash.ts';
import { HOLDFAST, holdfast } from '../holdfast-command.ts';

function folder(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'hf-cli-'));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

test('--help names every command', async () => {
  const { stdout, status } = await holdfast(['--help']);
  assert.equal(status, 0);
  for (const command of ['up', 'serve', 'outage', 'config', 'join', 'root', 'admin'])
    assert.match(stdout, new RegExp(`^ +${command}\\b`, 'mu'));
});

test('a port that is taken is named, and nothing is left running', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  t.after(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const data = join(folder(t), 'data');
  const { status, stderr } = await holdfast(['up', '--json', '--no-browser', '--port-base', `${address.port}`, '--data', data]);
  assert.equal(status, 1);
  assert.match(stderr, new RegExp(`already in use.*${address.port}[\\s\\S]*--port-base`, 'u'));
  assert.throws(() => statSync(join(data, 'run.json')));
});

test('an invalid port base is refused in words', async (t) => {
  for (const base of ['eighty', '80', '65530']) {
    const { status, stderr } = await holdfast(['up', '--json', '--no-browser', '--port-base', base, '--data', join(folder(t), 'data')]);
    assert.equal(status, 1);
    assert.match(stderr, /--port-base/u);
  }
});

test('a data folder that cannot be used is named with the way out', async (t) => {
  const file = join(folder(t), 'file');
  writeFileSync(file, '');
  const { status, stderr } = await holdfast(['up', '--json', '--no-browser', '--data', file]);
  assert.equal(status, 1);
  assert.match(stderr, /--data/u);
});

test('outage without a running up says so', async (t) => {
  const { status, stderr } = await holdfast(['outage', 'cloud', 'stop', '--data', folder(t)]);
  assert.equal(status, 1);
  assert.match(stderr, /No `holdfast up` is running/u);
});

test('serve names the services when it is given another', async () => {
  const { status, stderr } = await holdfast(['serve', 'kitchen', '--config', 'x.yaml']);
  assert.equal(status, 1);
  assert.match(stderr, /workspace, identity, broker/u);
});

const SITE_WITHOUT_POOL = `tenant: test
site: { id: test, name: Test }
locations: [{ id: zurich, name: Zurich, connectors: [{ id: z-1, address: { host: 127.0.0.1, port: 2598 } }] }]
gateways: []
deliveryGroups: [{ id: other, name: Other }]
sessionHosts: [{ id: host-1, location: zurich, deliveryGroup: pool }]
resources: []
`;

test('config check says file, line and field, and what is good', async (t) => {
  const dir = folder(t);
  const file = (name: string, text: string) => {
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  };
  const base = 'id: x\ndataDir: d\nlisten: { host: 127.0.0.1, port: 1 }\nmanagement: { host: 127.0.0.1, port: 2 }\n';
  const root = `rootOfTrust: { url: 'https://127.0.0.1:5', tlsPin: ${'A'.repeat(43)}, rootPin: ${'A'.repeat(43)} }\n`;
  const good = file('good.yaml', `${base}${root}`);
  const bad = file('bad.yaml', `${base}${root}database: { kind: sqlite, file: f }\nadminTokens: 7\n`);
  const one = await holdfast(['config', 'check', good]);
  assert.equal(one.status, 0);
  assert.match(one.stdout, /good \(tickets\)/u);
  const site = file('site.yaml', SITE_WITHOUT_POOL);
  assert.match((await holdfast(['config', 'check', site])).stderr, /site\.yaml:6: there is no deliveryGroup "pool"/u);
  const two = await holdfast(['config', 'check', good, bad]);
  assert.equal(two.status, 1);
  assert.match(two.stderr, /bad\.yaml:7.*"adminTokens"/u);
});

test('a password is hashed from standard input, with a salt of its own each time', async () => {
  const hashed = (input: string) => holdfast(['admin', 'hash-password'], { input });
  const [first, second] = [await hashed('secret\n'), await hashed('secret\n')];
  assert.match(first.stdout, /^scrypt\$16384\$8\$1\$[\w-]{22}\$[\w-]{43}\n$/u);
  assert.notEqual(first.stdout, second.stdout);
  assert.equal((await hashed('')).status, 1);
});

test('a mistake on the command line is said as one, with the way to the help', async (t) => {
  const { status, stderr } = await holdfast(['outage', 'cloud', 'explode', '--data', folder(t)]);
  assert.equal(status, 1);
  assert.doesNotMatch(stderr, /service desk/u);
  assert.match((await holdfast(['admin', 'blocks', '--data', folder(t)])).stderr, /--url.*\n.*--help/u);
});

test('join lays the token where the configuration looks for it, owner-only', async (t) => {
  const dir = folder(t);
  writeFileSync(join(dir, 'gateway.yaml'), 'id: gateway-1\njoin: { file: token }\n');
  const wrong = await holdfast(['join', '--config', join(dir, 'gateway.yaml')], { input: 'not a token\n' });
  assert.equal(wrong.status, 1);
  assert.match(wrong.stderr, /Invalid join token/u);
  const { status } = await holdfast(['join', '--config', join(dir, 'gateway.yaml')], { input: 'aaa.bbb.ccc\n' });
  assert.equal(status, 0);
  assert.equal(readFileSync(join(dir, 'token'), 'utf8'), 'aaa.bbb.ccc\n');
  assert.equal(statSync(join(dir, 'token')).mode & 0o777, 0o600);
});

test('a secret may come late on standard input', async () => {
  const late = spawn('sh', ['-c', '(sleep 1; echo correct horse) | "$@"', 'sh', process.execPath, HOLDFAST, 'admin', 'hash-password']);
  const [said, complaint] = await Promise.all([text(late.stdout), text(late.stderr)]);
  assert.equal(complaint, '');
  assert.match(said, /^scrypt\$/u);
});

test('a password keeps its spaces; only the end of the line is cut off', async () => {
  const { stdout } = await holdfast(['admin', 'hash-password'], { input: ' correct horse \r\n' });
  const [, , , , salt = ''] = stdout.trim().split('$');
  assert.equal(stdout.trim(), hashPassword(' correct horse ', Buffer.from(salt, 'base64url')));
});
