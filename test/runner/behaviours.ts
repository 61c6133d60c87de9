/** `npm run behaviours`: every behaviour of docs/behaviour.md with the tests that name it and whether they passed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { type Behaviour, behavioursIn, withTests } from './behaviour-list.ts';
import { PROJECT_DIR } from './files.ts';
import { REPORT_FILE } from './report.ts';

const Report = v.object({ tests: v.array(v.object({ name: v.string(), passed: v.boolean() })) });

const behaviours = behavioursIn(readFileSync(join(PROJECT_DIR, 'docs', 'behaviour.md'), 'utf8'));
const found = withTests(behaviours, reportedTests());
if (process.argv.includes('--json')) console.log(JSON.stringify(found));
else print(found);

function reportedTests(): readonly { name: string; passed: boolean }[] {
  try {
    return v.parse(Report, JSON.parse(readFileSync(REPORT_FILE, 'utf8'))).tests;
  } catch {
    console.error('There is no test report yet; run npm test first.');
    process.exit(1);
  }
}

function print(all: readonly Behaviour[]): void {
  for (const { id, text, tests, passing } of all) {
    const state = passing ? 'holds' : tests.length > 0 ? 'fails' : '-';
    console.log(`${id.padEnd(7)}${state.padEnd(7)}${`${tests.length} tests`.padEnd(10)}${text.slice(0, 100)}`);
  }
  console.log(`\n${all.filter(({ passing }) => passing).length} of ${all.length} behaviours have tests that pass.`);
}
