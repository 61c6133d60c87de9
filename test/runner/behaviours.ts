/** `npm run behaviours`: every line of docs/behaviour.md, which of its parts tests of the last run hold, and which have none; `--json`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { behavioursIn, type ClaimedLine, type ClaimedPart, type RunTest, withTests } from './behaviour-list.ts';
import { PROJECT_DIR } from './files.ts';
import { REPORT_FILE } from './report.ts';

const Report = v.object({ tests: v.array(v.object({ name: v.string(), within: v.array(v.string()), passed: v.boolean() })) });

const lines = withTests(behavioursIn(readFileSync(join(PROJECT_DIR, 'docs', 'behaviour.md'), 'utf8')), reportedTests());
const parts = lines.flatMap((line) => line.parts);
const totals = { lines: lines.length, holding: lines.filter(({ holds }) => holds).length, parts: parts.length, held: count('held', parts) };
if (process.argv.includes('--json')) console.log(JSON.stringify({ ...totals, behaviours: lines }));
else {
  for (const line of lines) console.log(row(line));
  console.log(`\n${totals.holding} of ${totals.lines} lines hold, ${totals.held} of ${totals.parts} parts`);
}

function reportedTests(): readonly RunTest[] {
  try {
    return v.parse(Report, JSON.parse(readFileSync(REPORT_FILE, 'utf8'))).tests;
  } catch {
    console.error('There is no test report yet; run npm test first.');
    process.exit(1);
  }
}

function row(line: ClaimedLine): string {
  const state = line.holds ? 'holds' : count('failing', line.parts) > 0 ? 'fails' : '-';
  const held = `${count('held', line.parts)} of ${line.parts.length}`;
  const missing = [named('fails', 'failing', line), named('no test', 'untested', line)].filter((words) => words !== '').join('; ');
  return `${line.id.padEnd(7)}${state.padEnd(7)}${held.padEnd(9)}${missing.padEnd(30)} ${line.text.slice(0, 80)}`;
}

/** `no test: a, c`; the line's number where it has no letters. */
function named(words: string, wanted: ClaimedPart['state'], { id, parts: all }: ClaimedLine): string {
  const letters = all.filter(({ state }) => state === wanted).map((part) => part.id.slice(id.length) || id);
  return letters.length === 0 ? '' : `${words}: ${letters.join(', ')}`;
}

function count(wanted: ClaimedPart['state'], all: readonly ClaimedPart[]): number {
  return all.filter(({ state }) => state === wanted).length;
}
