/** Which mutants a source has, and which of many are tried. */
import { createHash } from 'node:crypto';
import { stripTypeScriptTypes } from 'node:module';
import type { Node } from 'estree';
import { parseAst } from 'rollup/parseAst';
import { type Change, OPERATORS, type OperatorName, type Placed } from './operators.ts';

export interface Mutant {
  /** relative to the project */
  readonly path: string;
  /** from 1 */
  readonly line: number;
  readonly operator: OperatorName;
  /** the line as it is, and as it would be, trimmed */
  readonly was: string;
  readonly is: string;
  /** the whole file as it would be */
  readonly text: string;
}

/** Every mutant of a file, in the order of the source. Types are blanks to it: a wrong one changes nothing that runs. */
export function mutantsOf(path: string, text: string): readonly Mutant[] {
  const code = stripTypeScriptTypes(text);
  const textOf = (node: Node) => code.slice((node as Placed).start, (node as Placed).end);
  const operators = Object.entries(OPERATORS) as [OperatorName, (typeof OPERATORS)[OperatorName]][];
  return nodesOf(parseAst(code)).flatMap((node) =>
    operators.flatMap(([name, changesOf]) => changesOf(node, textOf).map((change) => mutant(path, text, name, change))),
  );
}

function nodesOf(value: unknown): readonly Placed[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.values(value).flatMap(nodesOf);
  return 'type' in value && 'start' in value ? [value as unknown as Placed, ...below] : below;
}

function mutant(path: string, text: string, operator: OperatorName, { start, end, to }: Change): Mutant {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', end) < 0 ? text.length : text.indexOf('\n', end);
  return {
    path,
    line: text.slice(0, start).split('\n').length,
    operator,
    was: text.slice(lineStart, lineEnd).trim(),
    is: (text.slice(lineStart, start) + to + text.slice(end, lineEnd)).trim(),
    text: text.slice(0, start) + to + text.slice(end),
  };
}

/** `count` of them, the same ones for one seed: a mutant stays chosen while others come and go. */
export function sample(mutants: readonly Mutant[], count: number, seed: string): readonly Mutant[] {
  const placeOf = ({ path, was, is }: Mutant) => createHash('sha256').update([seed, path, was, is].join('\n')).digest('hex');
  return mutants
    .map((mutant) => ({ mutant, place: placeOf(mutant) }))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .slice(0, count)
    .map(({ mutant }) => mutant);
}
