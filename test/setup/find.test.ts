import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findProgram, installCommand, missingPrograms } from './find.ts';
import { PROGRAMS } from './programs.ts';

test('a program is found along the path; a file that cannot be run is none', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'hf-find-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'holdfast-probe');
  writeFileSync(file, '');
  chmodSync(file, 0o644);
  assert.equal(findProgram('holdfast-probe', folder), undefined);
  chmodSync(file, 0o755);
  assert.equal(findProgram('holdfast-probe', `/nowhere:${folder}`), file);
});

test('what is no program is found by its path', () => {
  assert.equal(findProgram('/'), '/');
  assert.equal(findProgram('/no/such/thing'), undefined);
});

test('nothing is missing where all is there, and any of several names will do', () => {
  assert.deepEqual(
    missingPrograms('test', (name) => name),
    [],
  );
  const edgeOnly = missingPrograms('start', (name) => (/^(?:chromium|google-chrome)/u.test(name) ? undefined : name));
  assert.deepEqual(edgeOnly, []);
});

test('starting needs less than testing', () => {
  const none = () => undefined;
  const [start, all] = [missingPrograms('start', none), missingPrograms('test', none)];
  assert.ok(start.every((program) => all.includes(program)));
  assert.ok(all.length > start.length);
  assert.ok(!start.some(({ packages }) => packages[0] === 'postgresql'));
});

test('without the programs of the terminal and the browser nothing starts; desktops are left out instead', () => {
  const needed = PROGRAMS.filter(({ sets, optional }) => sets.includes('start') && optional !== true).map(({ packages }) => packages[0]);
  assert.deepEqual(needed.sort(), ['chromium', 'openssh-client', 'openssh-server', 'openssl', 'xterm']);
});

test('the command that is named installs everything at once', () => {
  assert.equal(installCommand(['a', 'b']), 'sudo apt-get install -y --no-install-recommends a b');
  assert.equal(
    installCommand(['a'], ['a a/b select C']),
    "echo 'a a/b select C' | sudo debconf-set-selections && sudo apt-get install -y --no-install-recommends a",
  );
});
