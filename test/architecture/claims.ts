/** What tests claim by their names, against the lines and parts of docs/behaviour.md. */
import { behavioursIn, claimsIn } from '../runner/behaviour-list.ts';
import type { Source } from './source.ts';

const COMMENT = /^\s*(?:\/\*|\*|\/\/).*$/gmu;

/**
 * Claims of no line or part, and of a whole line that has parts: a test says which of them it holds. Names that are made of tables
 * count too, so that whatever is no comment is searched.
 */
export function wrongClaims({ path, text }: Source, document: string): readonly string[] {
  const lines = behavioursIn(document);
  const parts = new Set(lines.flatMap((line) => line.parts.map(({ id }) => id)));
  const whole = new Set(lines.map(({ id }) => id));
  return claimsIn(text.replace(COMMENT, ''))
    .filter((id) => !parts.has(id))
    .map((id) => `${path} claims ${id}, ${whole.has(id) ? 'which has parts' : 'which is not there'}`);
}

/** Lines whose letters do not run from a, or that have one letter alone. */
export function strayLetters(document: string): readonly string[] {
  return behavioursIn(document)
    .filter(
      ({ id, parts }) =>
        parts.some((part, n) => part.id !== id && part.id !== `${id}${String.fromCharCode(97 + n)}`) ||
        (parts.length === 1 && parts[0]?.id !== id),
    )
    .map(({ id }) => id);
}
