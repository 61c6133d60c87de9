/** From facts to sentences: the one place where an error gets words, by the catalogue of a language. Pure. */
import type { Cause } from './causes.ts';
import { type ErrorCode, HoldfastError, type Params, toWireError, type WireError } from './errors.ts';
import type { REASONS } from './reasons.ts';

type Reasons = typeof REASONS;
type Sentences = { readonly [C in keyof Reasons]?: { readonly [R in keyof Reasons[C]]?: string } };

/** What people at a device are told, in one language: `words/<language>.ts`. A sentence has its reason's parameters as `{name}`. */
export interface PeopleWords {
  /** `says`: what happened; `remedy`: what to do, a sentence or more, or nothing */
  readonly codes: { readonly [C in ErrorCode]: { readonly says: string; readonly remedy: string } };
  /** after the name of whoever did not answer: "refused the connection" */
  readonly causes: { readonly [C in Cause]: string };
  /** only what helps them */
  readonly reasons: Sentences;
}

/** What people who operate Holdfast or type its commands are told instead: every reason, and what to type. */
export interface OperatorWords {
  readonly codes: Partial<PeopleWords['codes']>;
  readonly reasons: Sentences;
}

/** Either, or both merged: `words/everything.ts`. */
export type Catalogue = PeopleWords;

export interface ErrorWords {
  readonly says: string;
  /** what exactly, in one sentence or more; empty when nothing more is known */
  readonly detail: string;
  readonly remedy: string;
}

/** `time` writes seconds since 1970 as people read them; by default as ISO 8601. */
export function wordsOf(
  { code, reason, params = {}, cause }: WireError,
  catalogue: Catalogue,
  time: (seconds: number) => string = (seconds) => new Date(seconds * 1_000).toISOString(),
): ErrorWords {
  const { says, remedy } = catalogue.codes[code];
  const reasons: Readonly<Record<string, Readonly<Record<string, string | undefined>> | undefined>> = catalogue.reasons;
  const known = reasons[code];
  const sentence = reason !== undefined && known !== undefined && Object.hasOwn(known, reason) ? (known[reason] ?? '') : '';
  const filled = hasAll(sentence, params) ? fill(sentence, params, time) : '';
  const because = cause === undefined ? '' : `(${catalogue.causes[cause]})`;
  return { says, detail: [filled, because].filter((part) => part !== '').join(' '), remedy };
}

const PLACEHOLDER = /\{(?<name>\w+)\}/gu;

/** A newer peer may have changed what comes with a reason: a sentence with a gap is worse than none. */
function hasAll(sentence: string, params: Params): boolean {
  return [...sentence.matchAll(PLACEHOLDER)].every(({ groups }) => Object.hasOwn(params, groups?.['name'] ?? ''));
}

function fill(sentence: string, params: Params, time: (seconds: number) => string): string {
  return sentence.replaceAll(PLACEHOLDER, (_whole, name: string) => {
    const value = params[name];
    return name === 'at' && typeof value === 'number' ? time(value) : String(value);
  });
}

/** The same for a thrown value of this process, with all that was found at once, one a line. */
export function thrownWords(thrown: unknown, catalogue: Catalogue): ErrorWords {
  if (!(thrown instanceof HoldfastError)) return wordsOf({ code: 'internal' }, catalogue);
  const own = wordsOf(localFacts(thrown), catalogue);
  const details = [own.detail, ...thrown.also.map((one) => wordsOf(localFacts(one), catalogue).detail)];
  return { ...own, detail: details.filter((detail) => detail !== '').join('\n') };
}

/** "It refused. This and that. Do so.": says, detail and remedy in one line. */
export function wholeLine({ says, detail, remedy }: ErrorWords): string {
  return [says, detail, remedy].filter((part) => part !== '').join(' ');
}

/** Uncut: what another program said may be many lines. */
function localFacts(error: HoldfastError): WireError {
  return { ...toWireError(error), params: error.params };
}
