/** The house's rules, each held against the whole tree; `test/architecture/` has the checkers, `checkers.test.ts` breaks them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { LAUNCH_ERRORS, SERVICE_ERRORS } from '#protocol/errors';
import { REASONS } from '#protocol/reasons';
import { PROJECT_DIR } from '../runner/files.ts';
import { importCircles } from './circles.ts';
import { strayLetters, wrongClaims } from './claims.ts';
import { emptyNames, errorTable, missingFiles, tableDifferences, unmappedFolders } from './documents.ts';
import { unusedExports } from './exports.ts';
import { forbiddenImports, pastDoors } from './imports.ts';
import { installScripts, undigested, unlockedPlatforms } from './lockfile.ts';
import { brokenDialect } from './machines.ts';
import { strayTests } from './mirror.ts';
import { impurities } from './purity.ts';
import { shownIn, unfitWords } from './shown.ts';
import { readText, sources } from './source.ts';
import { bannedWords, vocabularyIn } from './words.ts';

const NOTHING: readonly string[] = [];
const WRITTEN = /\.(?:ts|mjs|html|css|json|md|yaml|yml|webmanifest)$/u;
/** Their behaviours are samples. */
const CLAIM_SAMPLES = /^test\/(?:architecture|runner)\//u;
/** They name files as they were. */
const OF_THE_TIME: readonly string[] = ['CHANGELOG.md', 'docs/plan.md'];
const GENERATED = /^(?:package-lock\.json|test\/vectors\/.*\.json)$/u;

test('imports run one way', () => {
  assert.deepEqual(sources().flatMap(forbiddenImports), NOTHING);
});

test('every exported value has an importer', () => {
  assert.deepEqual(unusedExports(sources()), NOTHING);
});

test('device keys and users have one opener each', () => {
  assert.deepEqual(sources().flatMap(pastDoors), NOTHING);
});

test('no import cycles', () => {
  assert.deepEqual(importCircles(sources()), NOTHING);
});

test('core/, protocol/ and runtime/machine/ have no clock, no chance and no platform', () => {
  assert.deepEqual(sources('{core,protocol,runtime/machine}/**/*.ts').flatMap(impurities), NOTHING);
});

test('the machines speak one dialect', () => {
  assert.deepEqual(sources('core/machines/*.ts').flatMap(brokenDialect), NOTHING);
});

test('the error table of PROTOCOL.md is that of errors.ts', () => {
  const reasons: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = REASONS;
  const coded = Object.entries({ ...LAUNCH_ERRORS, ...SERVICE_ERRORS }).map(([code, { http, ...entry }]) => ({
    code,
    http,
    retryable: 'retryable' in entry,
    reasons: Object.entries(reasons[code] ?? {})
      .map(([reason, params]) => (params.length === 0 ? reason : `${reason}(${params.join(', ')})`))
      .join(', '),
  }));
  assert.deepEqual(tableDifferences(errorTable(readText('protocol/PROTOCOL.md')), coded), NOTHING);
});

test('every folder has its line in ARCHITECTURE.md', () => {
  assert.ok(readText('ARCHITECTURE.md').split('\n').length <= 151, 'ARCHITECTURE.md has at most 150 lines');
  assert.deepEqual(unmappedFolders(projectFiles(), readText('ARCHITECTURE.md')), NOTHING);
});

test('every file that a document or a file’s head names is there', () => {
  const documents = projectFiles().filter((path) => path.endsWith('.md') && !OF_THE_TIME.includes(path));
  const texts = [...documents.map((path) => ({ path, text: readText(path) })), ...sources()];
  assert.deepEqual(missingFiles(texts, projectFiles()), NOTHING);
});

test('files are named for their job', () => {
  assert.deepEqual(emptyNames(projectFiles()), NOTHING);
});

test('the test tree mirrors the source', () => {
  assert.deepEqual(strayTests(projectFiles()), NOTHING);
});

test('a test claims parts of docs/behaviour.md that there are, and never a whole line that has parts', () => {
  const document = readText('docs/behaviour.md');
  assert.deepEqual(strayLetters(document), NOTHING);
  const claiming = sources('test/*/**/*.{ts,txt}').filter(({ path }) => !CLAIM_SAMPLES.test(path));
  assert.deepEqual(
    claiming.flatMap((source) => wrongClaims(source, document)),
    NOTHING,
  );
});

test('one word for a thing: no name or text says what the glossary of docs/behaviour.md bans', () => {
  const vocabulary = vocabularyIn(readText('docs/behaviour.md'));
  assert.ok(vocabulary.banned.length >= 10, 'the table was not found');
  const written = projectFiles().filter((path) => WRITTEN.test(path) && !GENERATED.test(path));
  assert.deepEqual(
    written.flatMap((path) => bannedWords({ path, text: readText(path) }, vocabulary)),
    NOTHING,
  );
});

test('what people read on pages and in windows has no command, no word of the code and no typewriter sign', () => {
  const shown = sources(
    '{{pwa/view,pwa/elements,extension/popup,extension/prompt}/*,pwa/index,extension/toolbar,extension/workspaces/open-of-list}.{ts,html}',
  );
  assert.ok(shown.flatMap(shownIn).length >= 300, 'the texts were not found');
  assert.deepEqual(shown.flatMap(unfitWords), NOTHING);
});

test('the lock file names every platform, so that npm ci holds', () => {
  assert.deepEqual(unlockedPlatforms(readText('package-lock.json')), NOTHING);
});

test('every package stands in the lock file with its digest, and none fetches another while it is installed', () => {
  assert.deepEqual(undigested(readText('package-lock.json')), NOTHING);
  assert.deepEqual(installScripts(readText('package-lock.json')), NOTHING);
});

test('nothing is committed that .gitignore names', () => {
  const { status, stdout } = spawnSync('git', ['ls-files', '--cached', '--ignored', '--exclude-standard'], {
    cwd: PROJECT_DIR,
    encoding: 'utf8',
  });
  assert.deepEqual([status, stdout], [0, '']);
});

/** What git knows, and what is about to be added to it. */
function projectFiles(): readonly string[] {
  const { stdout } = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: PROJECT_DIR, encoding: 'utf8' });
  const files = stdout.split('\n').filter((file) => file !== '' && existsSync(join(PROJECT_DIR, file)));
  assert.ok(files.length > 0, 'git lists no files');
  return files;
}
