/**
 * Behaviours as docs/behaviour.md numbers them, their parts, and the tests that claim them by their names.
 *
 * A line `- B-G4 (a) ... (b) ...` has the parts B-G4a and B-G4b; a line without letters is its own only part.
 */

export interface Part {
  /** `B-G4a`, or the line's own number */
  readonly id: string;
  readonly text: string;
}

export interface BehaviourLine {
  readonly id: string;
  readonly text: string;
  readonly parts: readonly Part[];
}

/** A test of the last run, as test/runner/report.ts writes it. */
export interface RunTest {
  readonly name: string;
  /** names of the suites that it stands in, the outermost first */
  readonly within: readonly string[];
  /** a skipped test has not */
  readonly passed: boolean;
}

export interface ClaimedPart extends Part {
  readonly tests: readonly string[];
  /** held: it has tests, and all of them passed */
  readonly state: 'held' | 'failing' | 'untested';
}

export interface ClaimedLine extends BehaviourLine {
  readonly parts: readonly ClaimedPart[];
  /** every part is held */
  readonly holds: boolean;
}

const LINE = /^- (?<id>B-[A-Z]\d+) (?<text>.+)$/gmu;
const LETTERED = / ?\((?<letter>[a-z])\) /gu;
/** A name may claim several: `B-W4d, B-W5a dimmed icons say why`. */
const CLAIM = /\bB-[A-Z]\d+[a-z]?\b/gu;

export function behavioursIn(document: string): readonly BehaviourLine[] {
  return [...document.matchAll(LINE)].flatMap(({ groups }) => {
    const { id, text } = groups ?? {};
    return id === undefined || text === undefined ? [] : [{ id, text, parts: partsOf(id, text) }];
  });
}

function partsOf(id: string, text: string): readonly Part[] {
  const letters = [...text.matchAll(LETTERED)];
  if (letters.length === 0) return [{ id, text }];
  return letters.map((letter, n) => ({
    id: `${id}${letter.groups?.['letter'] ?? ''}`,
    text: text.slice(letter.index + letter[0].length, letters[n + 1]?.index),
  }));
}

/** What a name claims, each once. */
export function claimsIn(name: string): readonly string[] {
  return [...new Set(Array.from(name.matchAll(CLAIM), ([id]) => id))];
}

/** Every line with the tests that claim its parts; the name of a suite claims for each test in it. */
export function withTests(lines: readonly BehaviourLine[], tests: readonly RunTest[]): readonly ClaimedLine[] {
  const claimed = new Map<string, RunTest[]>();
  for (const test of tests)
    for (const id of claimsIn([...test.within, test.name].join(' '))) claimed.set(id, [...(claimed.get(id) ?? []), test]);
  return lines.map((line) => {
    const parts = line.parts.map((part) => withClaims(part, claimed.get(part.id) ?? []));
    return { ...line, parts, holds: parts.every(({ state }) => state === 'held') };
  });
}

function withClaims(part: Part, tests: readonly RunTest[]): ClaimedPart {
  const state = tests.length === 0 ? 'untested' : tests.every(({ passed }) => passed) ? 'held' : 'failing';
  return { ...part, tests: tests.map(({ name, within }) => [...within, name].join(' › ')), state };
}
