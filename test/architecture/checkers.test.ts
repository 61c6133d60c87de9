/** Each check of the house, shown to fail on a bad sample and to pass on a good one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importCircles } from './circles.ts';
import { strayLetters, wrongClaims } from './claims.ts';
import { emptyNames, errorTable, missingFiles, tableDifferences, unmappedFolders } from './documents.ts';
import { unusedExports } from './exports.ts';
import { forbiddenImports, importsOf, pastDoors } from './imports.ts';
import { installScripts, undigested, unlockedPlatforms } from './lockfile.ts';
import { brokenDialect } from './machines.ts';
import { strayTests } from './mirror.ts';
import { impurities } from './purity.ts';
import { shownIn, unfitWords } from './shown.ts';
import { bannedWords, vocabularyIn } from './words.ts';

test('imports are found however they are written', () => {
  const text = [
    "import a from 'one';",
    "import {\n  b,\n  type C,\n} from './two.ts';",
    "export { d } from '#core/three';",
    "import 'four';",
    "const e = await import('./five.ts');",
    "export const f = 'not from here';",
  ].join('\n');
  assert.deepEqual(importsOf(text), ['one', './two.ts', '#core/three', 'four', './five.ts']);
});

const FORBIDDEN = [
  ['protocol/a.ts', "import { x } from '#core/verdict';"],
  ['core/a.ts', "import { readFileSync } from 'node:fs';"],
  ['core/lease/a.ts', "import { x } from '../../runtime/log/log.ts';"],
  ['core/a.ts', "import * as jose from 'jose';"],
  ['pwa/a.ts', "import { x } from '../extension/id.ts';"],
  ['pwa/a.ts', "import { join } from 'node:path';"],
  ['extension/a.ts', "import { x } from '#runtime/log/log';"],
  ['runtime/machine/a.ts', "import { x } from '#runtime/log/log';"],
  ['runtime/machine/a.ts', "import { setTimeout } from 'node:timers/promises';"],
  ['services/broker/a.ts', "import { x } from '../tickets/tickets.ts';"],
  ['native-host/a.ts', "const x = await import('../services/broker/broker.ts');"],
  ['runtime/a.ts', "export * from '../cli/program.ts';"],
] as const;

for (const [path, text] of FORBIDDEN) {
  test(`${path} must not say ${text}`, () => assert.equal(forbiddenImports({ path, text }).length, 1));
}

const PERMITTED = [
  ['core/a.ts', "import type { X } from '#protocol/lease';\nimport { y } from './b.ts';"],
  [
    'services/broker/handlers/a.ts',
    "import { x } from '../store.ts';\nimport { y } from '#runtime/sql/database';\nimport fs from 'node:fs';",
  ],
  ['cli/a.ts', "import { x } from '../services/root-of-trust/ceremony.ts';"],
  ['pwa/a.ts', "import { LitElement } from 'lit';\nimport { drive } from '#runtime/machine/drive';"],
  ['native-host/a.ts', "import { drive } from '#runtime/machine/drive';"],
] as const;

for (const [path, text] of PERMITTED) {
  test(`${path} may say what it says`, () => assert.deepEqual(forbiddenImports({ path, text }), []));
}

test('an export without an importer is found', () => {
  const text = 'export const A = 1;\nexport async function b() {}\nexport class C {}\nexport interface D {}\n// export const e = 1;\n';
  const a = { path: 'core/a.ts', text };
  const user = { path: 'test/core/a.test.ts', text: "import {\n  A,\n  b as other,\n  type D,\n} from '#core/a';" };
  const all = { path: 'pwa/b.ts', text: "const a = await import('#core/a');" };
  assert.deepEqual(unusedExports([a, user]), ['core/a.ts C']);
  assert.deepEqual(unusedExports([a, all]), []);
});

test('keys are opened by their one opener', () => {
  const text = "import { fileKeys } from './file-key.ts';";
  assert.equal(pastDoors({ path: 'native-host/device-key/proof.ts', text }).length, 1);
  assert.deepEqual(pastDoors({ path: 'native-host/device-key/open.ts', text }), []);
  const other = "const keys = await import('../device-key/pkcs11-key.ts');";
  assert.equal(pastDoors({ path: 'native-host/vault/vault.ts', text: other }).length, 1);
});

test('a machine of another dialect is found', () => {
  const path = 'core/machines/door.ts';
  const good = `export type DoorState = { readonly is: 'open' };\n
export type DoorEvent = Happening & { readonly type: 'push' };\n
export function nextDoor(state: DoorState, event: DoorEvent, settings: Settings): Step {\n  return becomeOpen();\n}
function becomeOpen(): Step {\n  return { state: { is: 'open' }, effects: [] };\n}\n`;
  assert.deepEqual(brokenDialect({ path, text: good }), []);
  const broken = (change: (text: string) => string): number => brokenDialect({ path, text: change(good) }).length;
  assert.equal(
    broken((text) => text.replace('event: DoorEvent, ', 'event: DoorEvent, at: number, ')),
    1,
  );
  assert.equal(
    broken((text) => text.replace('Happening & ', '')),
    1,
  );
  assert.equal(
    broken((text) => text.replace('readonly is', 'readonly phase')),
    1,
  );
  assert.equal(
    broken((text) => text.replaceAll('becomeOpen', 'open')),
    1,
  );
});

test('a circle of imports is found, also one of types alone', () => {
  const a = { path: 'core/a.ts', text: "import { b } from './lease/b.ts';" };
  const b = { path: 'core/lease/b.ts', text: "import type { C } from '#core/c';\nimport './d.ts';" };
  const c = { path: 'core/c.ts', text: "export { a } from './a.ts';" };
  const d = { path: 'core/lease/d.ts', text: "import { posix } from 'node:path';" };
  assert.deepEqual(importCircles([b, c, a, d]), ['core/a.ts -> core/lease/b.ts -> core/c.ts -> core/a.ts']);
  assert.deepEqual(importCircles([a, b, d]), []);
});

const IMPURE = [
  'const t = Date.now();',
  'const d = new Date();',
  'Math.random()',
  'setTimeout(f, 1)',
  'await fetch(url)',
  'process.env',
  'console.log(1)',
  'document.title',
  'Buffer.from(x)',
];

for (const text of IMPURE) {
  test(`core/ must not say ${text}`, () => assert.equal(impurities({ path: 'core/a.ts', text }).length, 1));
}

test('core/ may read dates, talk of documents in comments and name fields as it likes', () => {
  const text = "// the document.\n/* Math.random() */ const d = new Date(ms); const s = 'process.exit'; feed.fetch(x); row.process = 1;";
  assert.deepEqual(impurities({ path: 'core/a.ts', text }), []);
});

const TABLE =
  '## Errors\n\n| code | http | retryable | reasons |\n|---|---|---|---|\n| 3000 | 404 | yes | lost, moved(at, path) |\n| gone | 410 | | |\n\n## Next\n';
const CODED = [
  { code: '3000', http: 404, retryable: true, reasons: 'lost, moved(at, path)' },
  { code: 'gone', http: 410, retryable: false, reasons: '' },
];

test('the error table is read', () => assert.deepEqual(errorTable(TABLE), CODED));
test('an equal error table has no differences', () => assert.deepEqual(tableDifferences(errorTable(TABLE), CODED), []));
test('a code that is missing, changed or too many is told', () => {
  assert.equal(tableDifferences([], CODED).length, 2);
  assert.equal(tableDifferences(errorTable(TABLE.replace('404', '500')), CODED).length, 1);
  assert.equal(tableDifferences(errorTable(TABLE), CODED.slice(1)).length, 1);
});

test('a folder without its line is told', () => {
  const map = 'The code: `core/` decides.';
  assert.deepEqual(unmappedFolders(['README.md', 'core/a.ts'], map), []);
  assert.deepEqual(unmappedFolders(['core/lease/a.ts'], map), ['core/lease']);
});

test('a file that is named and not there is told, in a document and in the head of a source', () => {
  const files = ['services/connector/session-hosts.ts', 'test/run.ts'];
  const texts = [
    { path: 'README.md', text: '`test/run.ts`, run.ts and `<name>.test.ts`; not `test/walk.ts`' },
    { path: 'a.ts', text: '/** op control -> sessionHosts.ts (register), reach.ts */\nimport "./other.ts";' },
    { path: 'b.ts', text: 'import "./other.ts"; // gone.ts' },
  ];
  assert.deepEqual(missingFiles(texts, files), ['README.md names test/walk.ts', 'a.ts names sessionHosts.ts', 'a.ts names reach.ts']);
});

test('names without a job are told', () => {
  assert.deepEqual(emptyNames(['core/lease.ts', 'core/utils.ts', 'pwa/helpers/a.ts', 'common/b.ts']), [
    'core/utils.ts',
    'pwa/helpers/a.ts',
    'common/b.ts',
  ]);
});

test('a test whose place does not say what it tests is told', () => {
  const source = ['core/lease/build.ts', 'services/gateway/gateway.ts', 'test/setup/find.ts'];
  const good = [
    'core/lease/build',
    'core/lease/lease',
    'core/lease/lease.alteration',
    'services/gateway/gateway.load',
    'setup/find',
    'e2e/up',
  ];
  const bad = ['core/lease/alteration', 'core/build', 'gateway', 'services/gateway/gateway.load.heavy'];
  const tests = (names: readonly string[]) => names.map((name) => `test/${name}.test.ts`);
  assert.deepEqual(strayTests([...source, ...tests([...good, ...bad])]), tests(bad));
});

test('a claim of what is nowhere written, or of a whole line that has parts, is told', () => {
  const document = '- B-W1 (a) Sign-in works. (b) All is shown.\n- B-W2 Apps open.\n';
  const path = 'test/a.test.ts';
  const claims = (text: string) => wrongClaims({ path, text }, document);
  assert.deepEqual(claims("test('B-W1a, B-W2 signs in', f)\n// B-W1 says so\n/** B-W1 */"), []);
  assert.deepEqual(claims("test('B-W9 flies', f)"), [`${path} claims B-W9, which is not there`]);
  assert.deepEqual(claims("describe('B-W1c flies', f)"), [`${path} claims B-W1c, which is not there`]);
  assert.deepEqual(claims("test('B-W2a apps', f)"), [`${path} claims B-W2a, which is not there`]);
  assert.deepEqual(claims("const NAMES = ['B-W1 signs in'];"), [`${path} claims B-W1, which has parts`]);
});

test('letters that do not run from a, and one alone, are told', () => {
  assert.deepEqual(strayLetters('- B-W1 (a) One. (b) Two.\n- B-W2 One.\n'), []);
  assert.deepEqual(strayLetters('- B-W1 (a) One. (c) Two.\n- B-W2 (a) One.\n- B-W3 (b) One. (a) Two.\n'), ['B-W1', 'B-W2', 'B-W3']);
});

test('a package without its digest, and one that runs a script while it is installed, are told', () => {
  const integrity = `sha512-${'A'.repeat(86)}==`;
  const packages = {
    '': {},
    'node_modules/good': { integrity },
    'node_modules/open': {},
    'node_modules/node': { integrity, hasInstallScript: true },
  };
  assert.deepEqual(undigested(JSON.stringify({ packages })), ['node_modules/open']);
  assert.deepEqual(installScripts(JSON.stringify({ packages })), ['node_modules/node']);
});

test('a platform that the lock file leaves out is told', () => {
  const tool = { optionalDependencies: { 'tool-linux': '1.0.0', 'tool-other': '1.0.0' } };
  const packages = { 'node_modules/tool': tool, 'node_modules/tool-linux': {} };
  assert.deepEqual(unlockedPlatforms(JSON.stringify({ packages })), ['tool-other']);
  assert.deepEqual(unlockedPlatforms(JSON.stringify({ packages: { ...packages, 'node_modules/tool-other': {} } })), []);
});

const GLOSSARY = [
  '## Words',
  '',
  '| here | what it is | never |',
  '|---|---|---|',
  '| gateway | lets users in | `PoP`, `point of entry` |',
  '| location | a place | |',
  '',
  '### Where such a word may stand',
  '',
  '| word | where | why |',
  '|---|---|---|',
  '| `PoP` | `cli/` | the group |',
  '| `.pop(` | | of lists |',
  '',
  '## Next',
].join('\n');

test('a word that the glossary bans is told, however it is written', () => {
  const vocabulary = vocabularyIn(GLOSSARY);
  const says = (path: string, text: string) => bannedWords({ path, text }, vocabulary).length;
  for (const text of [
    'A PoP.',
    'const popAddress = 1;',
    'openPop()',
    "'pop_address'",
    'pop-address:',
    'two PoPs',
    'a point of\nentry',
    'pointOfEntry',
  ]) {
    assert.equal(says('core/a.ts', text), 1, text);
  }
  for (const text of ['popup', 'list.pop()', 'the gateway']) assert.equal(says('core/a.ts', text), 0, text);
  assert.equal(says('cli/a.ts', 'pops: openPop()'), 0);
});

test('the texts that people read are found in pages, templates and sentences, and nothing else is', () => {
  const shown = (path: string, text: string) => shownIn({ path, text });
  const page =
    '<title>Holdfast</title><style>a b {}</style><!-- not this --><p class="big words">Sign in\n to go on</p><b aria-label="Show all"></b>';
  assert.deepEqual(shown('a.html', page), ['Holdfast', 'Sign in to go on', 'Show all']);
  const code = [
    "import { one } from './two.ts';",
    "// 'Not this one'",
    "const found = /`|'Nor this'/u.exec(one);",
    `const told = html\`<p class="big \${kind}">\${open ? html\`<b>It is open</b>\` : 'It is shut'} since \${\`half past \${hour}\`}.</p>\`;`,
  ].join('\n');
  assert.deepEqual(shown('a.ts', code), ['It is open', 'It is shut', 'half past …', '… since ….']);
});

test('a text for people that has a command, a word of the code or a typewriter sign is told', () => {
  const unfit = (text: string) => unfitWords({ path: 'a.ts', text: `say(\`${text}\`)` }).length;
  for (const text of [
    'Run holdfast-host doctor.',
    'The broker is down.',
    'Your lease has ended.',
    'Wait...',
    "It isn't there.",
    'Please wait a moment',
    'Oops! It broke.',
  ])
    assert.equal(unfit(text), 1, text);
  for (const text of ['It isn’t there.', 'Using your saved access (lease)', 'Opens offline · lease … left', 'error: missing_viewer'])
    assert.equal(unfit(text), 0, text);
});
