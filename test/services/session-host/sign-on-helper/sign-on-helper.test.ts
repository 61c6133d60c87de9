/** The helper as a program of its own, as agent and PAM start it. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, describe, type TestContext, test } from 'node:test';
import { TIMES } from '#protocol/limits';
import { keepForPam, takeOnce } from '../../../../services/session-host/sign-on-helper/pam-passwords.ts';
import { PROJECT_DIR } from '../../../runner/files.ts';

const MAIN = join(PROJECT_DIR, 'services', 'session-host', 'sign-on-helper', 'main.ts');
const folder = mkdtempSync(join(tmpdir(), 'holdfast-helper-'));
after(() => rm(folder, { recursive: true }));

function setUp() {
  const own = mkdtempSync(join(folder, 'one-'));
  const config = join(own, 'helper.json');
  const passwords = join(own, 'passwords');
  writeFileSync(config, JSON.stringify({ accounts: ['mara', 'noah'], passwords: { kind: 'pam', folder: passwords } }), { mode: 0o600 });
  const words = (verb: string) => ['--disable-warning=ExperimentalWarning', MAIN, '--config', config, verb];
  const begin = (t: TestContext, account: string): ChildProcess => {
    const child = spawn(process.execPath, words('give'), { stdio: ['pipe', 'pipe', 'pipe'] });
    t.after(() => child.kill('SIGKILL'));
    child.stdin?.write(`${account}\n`);
    return child;
  };
  const check = (account: string, password: string) =>
    spawnSync(process.execPath, words('check'), { input: `${password}\0`, env: { PAM_USER: account } }).status;
  return { config, passwords, begin, check };
}

async function told(child: ChildProcess): Promise<string> {
  assert.ok(child.stdout);
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return String(line);
}

describe('B-R14a a password is for one account, once, for a minute', () => {
  test('a password opens its account once, and is on no disk', async (t) => {
    const { passwords, begin, check } = setUp();
    const child = begin(t, 'mara');
    const password = await told(child);
    assert.match(password, /^[a-z2-9]{24}$/u);
    const [kept = ''] = readdirSync(join(passwords, 'mara'));
    assert.ok(!readFileSync(join(passwords, 'mara', kept), 'utf8').includes(password));
    assert.equal(check('noah', password), 1);
    assert.equal(check('root', password), 1);
    assert.equal(check('../passwords/mara', password), 1);
    assert.equal(check('mara', `${password}x`), 1);
    assert.equal(check('mara', ''), 1);
    assert.equal(check('mara', password), 0);
    assert.equal(check('mara', password), 1);
  });

  test('what is not used is taken back when the agent says so, or dies', async (t) => {
    const { begin, check } = setUp();
    const child = begin(t, 'mara');
    const password = await told(child);
    child.stdin?.end();
    assert.deepEqual(await once(child, 'exit'), [0, null]);
    assert.equal(check('mara', password), 1);
  });

  test('a password is over after its time, also where a killed helper left it; several do not disturb each other', () => {
    const passwords = mkdtempSync(join(folder, 'kept-'));
    assert.equal(TIMES.signOnSeconds, 60, 'what the helper gives it');
    const [first, second] = [keepForPam(passwords, 'mara', 1_000), keepForPam(passwords, 'mara', 5_000)];
    assert.equal(takeOnce(passwords, 'mara', first.password, 1_000), false, 'its time is over');
    assert.equal(readdirSync(join(passwords, 'mara')).length, 1, 'and it is gone');
    assert.equal(takeOnce(passwords, 'mara', second.password, 4_999), true);
    assert.equal(takeOnce(passwords, 'mara', second.password, 4_999), false);
  });
});

test('it makes none for an account that is not in its list, whatever is asked', async (t) => {
  const { begin, passwords } = setUp();
  for (const account of ['root', '', 'mara ', 'mara,root', '--config']) {
    assert.deepEqual(await once(begin(t, account), 'exit'), [1, null], account);
  }
  assert.throws(() => readdirSync(passwords));
});

test('a list that others may write, or that names an account of the system, is refused', async (t) => {
  const { config, begin } = setUp();
  chmodSync(config, 0o666);
  assert.deepEqual(await once(begin(t, 'mara'), 'exit'), [1, null]);
  chmodSync(config, 0o600);
  writeFileSync(config, JSON.stringify({ accounts: ['root'], passwords: { kind: 'pam', folder } }));
  assert.deepEqual(await once(begin(t, 'root'), 'exit'), [1, null]);
});
