/** One word for a thing: what docs/behaviour.md says is not to be said, found in code, wire, configuration, what is shown, and documents. */
import type { Source } from './source.ts';

export interface Vocabulary {
  readonly banned: readonly { readonly word: string; readonly say: string }[];
  /** `paths` are beginnings; none: the words may stand anywhere */
  readonly exceptions: readonly { readonly words: readonly string[]; readonly paths: readonly string[] }[];
}

/** The third column of the table under "Words", and the table of exceptions below it. Words and paths stand between backticks. */
export function vocabularyIn(document: string): Vocabulary {
  const [glossary = '', exceptions = ''] = (/^## Words$(?<body>[\s\S]*?)^## /mu.exec(document)?.groups?.['body'] ?? '').split(/^### .*$/mu);
  return {
    banned: rowsOf(glossary).flatMap(([say = '', , not = '']) => quotedIn(not).map((word) => ({ word, say: say.trim() }))),
    exceptions: rowsOf(exceptions).map(([words = '', where = '']) => ({ words: quotedIn(words), paths: quotedIn(where) })),
  };
}

/** One line for each banned word of a source. `aWord`, `a_word` and `a-word` are words too, and so is the plural. */
export function bannedWords({ path, text }: Source, { banned, exceptions }: Vocabulary): readonly string[] {
  const here = exceptions.filter(({ paths }) => paths.length === 0 || paths.some((beginning) => path.startsWith(beginning)));
  const allowed = here.flatMap(({ words }) => words);
  const rest = allowed.reduce((left, words) => left.replaceAll(new RegExp(patternOf(words), 'giu'), ' '), text);
  const apart = rest.replaceAll(/(?<=[a-z\d])(?=[A-Z])/gu, ' ').replaceAll('_', ' ');
  return banned
    .filter(({ word }) => !allowed.includes(word) && [rest, apart].some((some) => new RegExp(patternOf(word), 'iu').test(some)))
    .map(({ word, say }) => `${path} says "${word}": say ${say}`);
}

/** Whole words, where it begins and ends with one. */
function patternOf(word: string): string {
  const pattern = word.replaceAll(/[.(]/gu, '\\$&').replaceAll(' ', '[\\s_-]+');
  return `${/^\w/u.test(word) ? '(?<!\\w)' : ''}${pattern}${/\w$/u.test(word) ? 's?(?!\\w)' : ''}`;
}

function rowsOf(table: string): readonly (readonly string[])[] {
  const rows = table.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((line) => line.split('|').slice(1, -1));
}

function quotedIn(cell: string): readonly string[] {
  return Array.from(cell.matchAll(/`(?<word>[^`]+)`/gu), ({ groups }) => groups?.['word'] ?? '');
}
