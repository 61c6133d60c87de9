/** Behaviours as docs/behaviour.md numbers them, and the tests whose names begin with their numbers. */

export interface BehaviourLine {
  readonly id: string;
  readonly text: string;
}

export interface Behaviour extends BehaviourLine {
  readonly tests: readonly string[];
  /** it has tests, and all of them passed */
  readonly passing: boolean;
}

const LINE = /^- (?<id>B-[A-Z]\d+) (?<text>.+)$/gmu;
/** A name may begin with several: `B-W4, B-W5 dimmed icons say why`. */
const NAMED = /\bB-[A-Z]\d+\b/gu;

export function behavioursIn(document: string): readonly BehaviourLine[] {
  return [...document.matchAll(LINE)].flatMap(({ groups }) => {
    const { id, text } = groups ?? {};
    return id === undefined || text === undefined ? [] : [{ id, text }];
  });
}

export function idsIn(testName: string): readonly string[] {
  return [...new Set(Array.from(testName.matchAll(NAMED), ([id]) => id))];
}

export function withTests(lines: readonly BehaviourLine[], tests: readonly { name: string; passed: boolean }[]): readonly Behaviour[] {
  return lines.map((line) => {
    const own = tests.filter(({ name }) => idsIn(name).includes(line.id));
    return { ...line, tests: own.map(({ name }) => name), passing: own.length > 0 && own.every(({ passed }) => passed) };
  });
}
