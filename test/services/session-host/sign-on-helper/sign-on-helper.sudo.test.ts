/** The rule of services/session-host/README.md, taken at its word: what it lets the agent's user start, and what it doesn't. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { PROJECT_DIR } from '../../../runner/files.ts';

const MAIN = join(PROJECT_DIR, 'services', 'session-host', 'sign-on-helper', 'main.ts');
/** an account of every Debian, without rights and without a password */
const AGENT = { name: 'daemon', uid: 1, gid: 1 };
const RULE = `/etc/sudoers.d/holdfast-test-${process.pid}`;
const isRoot = process.getuid?.() === 0;

describe('the sudo rule of the sign-on helper', { skip: isRoot ? false : 'needs root' }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-sudo-'));
  const config = join(folder, 'sign-on.json');
  const helper = [process.execPath, MAIN, '--config', config];

  before(() => {
    writeFileSync(config, JSON.stringify({ accounts: ['mara'], passwords: { kind: 'pam', folder: join(folder, 'passwords') } }));
    const readme = readFileSync(join(PROJECT_DIR, 'services', 'session-host', 'README.md'), 'utf8');
    const [rule = ''] = /^holdfast ALL=.*$/mu.exec(readme) ?? [];
    const [command = ''] = /\/\S+ \S+main\.ts --config \S+ give$/u.exec(rule) ?? [];
    writeFileSync(RULE, `${rule.replace(/^holdfast/u, AGENT.name).replace(command, [...helper, 'give'].join(' '))}\n`, { mode: 0o440 });
  });
  after(() => {
    rmSync(RULE, { force: true });
    rmSync(folder, { recursive: true });
  });

  /** As the agent's user; `input` stays open until the first line of the answer. */
  async function asked(words: readonly string[], env: Record<string, string> = {}) {
    const { uid, gid } = AGENT;
    const child = spawn('sudo', ['-n', ...words], { uid, gid, cwd: '/', env: { PATH: process.env['PATH'], ...env }, stdio: 'pipe' });
    child.stdin.on('error', () => {});
    child.stdin.write('mara\n');
    const said: string[] = [];
    child.stdout.once('data', () => child.stdin.end());
    child.stdout.on('data', (chunk) => said.push(String(chunk)));
    const complained = text(child.stderr);
    const [status] = await once(child, 'close');
    return { status, said: said.join(''), complained: await complained };
  }

  test('it gives a password, with root’s rights and not the agent’s', async () => {
    const { status, said, complained } = await asked([...helper, 'give']);
    assert.deepEqual([status, complained], [0, '']);
    assert.match(said, /^[a-z2-9]{24}\n$/u);
    const alone = spawn(process.execPath, [MAIN, '--config', config, 'give'], { uid: AGENT.uid, gid: AGENT.gid, stdio: 'ignore' });
    assert.deepEqual(await once(alone, 'exit'), [1, null]);
  });

  test('nothing else runs: another file, another verb, another program, one word more', async () => {
    const others = [
      [process.execPath, MAIN, '--config', join(folder, 'mine.json'), 'give'],
      [...helper, 'check'],
      [...helper, 'give', '--now'],
      [process.execPath, '--require', join(folder, 'mine.js'), ...helper.slice(1), 'give'],
      [process.execPath, '-e', ''],
      ['/bin/sh'],
    ];
    for (const words of others) {
      const { status, said } = await asked(words);
      assert.deepEqual([status, said], [1, ''], words.join(' '));
    }
  });

  test('the agent’s environment brings no code of its own', async () => {
    const proof = join(folder, 'proof');
    const mine = join(folder, 'mine.cjs');
    writeFileSync(mine, `require('node:fs').writeFileSync(${JSON.stringify(proof)}, '')`);
    const { status } = await asked([...helper, 'give'], { NODE_OPTIONS: `--require ${mine}`, NODE_PATH: folder });
    assert.equal(status, 0);
    assert.equal(existsSync(proof), false);
  });
});
