/** YAML files that people write: validated by a schema; every complaint names file, line and field. */
import { readFileSync, statSync } from 'node:fs';
import * as v from 'valibot';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { HoldfastError } from '#protocol/errors';
import { LIMITS } from '#protocol/limits';
import type { Facts } from '#protocol/reasons';
import { unreadable } from '../files/readable.ts';

export interface Place {
  readonly path: string;
  readonly line: number;
}

export interface YamlFile<T> {
  readonly value: T;
  /** file and line of a field, for complaints beyond the schema: `at(['resources', 3, 'id'])` */
  at(path: readonly (string | number)[]): Place;
}

/** Reads the file. Throws `bad_config` with a line for each complaint. */
export function readYamlFile<S extends v.GenericSchema>(schema: S, file: string): YamlFile<v.InferOutput<S>> {
  return readYaml(schema, readText(file), file);
}

/** The same for a text; `file` is what complaints call it. */
export function readYaml<S extends v.GenericSchema>(schema: S, text: string, file: string): YamlFile<v.InferOutput<S>> {
  const document = parseText(text, file);
  const result = v.safeParse(schema, document.value, { abortPipeEarly: true });
  if (result.success) return { value: result.output, at: document.at };
  throw complaintsOf(
    result.issues.map((issue) => {
      const path = (issue.path ?? []).flatMap(({ key }) => (typeof key === 'string' || typeof key === 'number' ? [key] : []));
      return complaintOf(issue, { ...document.at(path), field: path.join('.') || '(whole)' });
    }),
  );
}

/** More are not read anyway. */
const COMPLAINTS_MAX = 10;

/** One `bad_config` with everything that is wrong, in order. */
export function complaintsOf(complaints: readonly Facts<'bad_config'>[]): HoldfastError {
  const [first, ...also] = complaints.slice(0, COMPLAINTS_MAX);
  return new HoldfastError('bad_config', first, { also: also.map((complaint) => new HoldfastError('bad_config', complaint)) });
}

/** Never the value: it may be a secret. */
function complaintOf(issue: v.BaseIssue<unknown>, at: Place & { readonly field: string }): Facts<'bad_config'> {
  if (issue.kind === 'schema' && issue.expected === 'never') return { reason: 'field-unknown', ...at };
  if (issue.received === 'undefined') return { reason: 'field-missing', ...at };
  if (issue.type === 'min_length' && typeof issue.input === 'string')
    return issue.input === '' ? { reason: 'field-empty', ...at } : { reason: 'field-short', ...at, least: Number(issue.requirement) };
  // A schema's own words begin otherwise than its library's.
  const said = issue.message.startsWith('Invalid ') ? issue.expected : issue.message;
  return { reason: 'field-wrong', ...at, expected: said ?? 'another value' };
}

function readText(file: string): string {
  try {
    if (statSync(file).size > LIMITS.configBytes)
      throw new HoldfastError('bad_config', { reason: 'file-large', path: file, limit: LIMITS.configBytes });
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof HoldfastError) throw cause;
    throw unreadable(file, cause);
  }
}

function parseText(text: string, file: string): { value: unknown; at: YamlFile<unknown>['at'] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const fault = document.errors[0];
  if (fault !== undefined)
    throw new HoldfastError('bad_config', { reason: 'not-yaml', path: file, line: lines.linePos(fault.pos[0]).line, said: fault.message });
  // Left as it is, `!secret x` would be the text "x".
  const tag = document.warnings.find(({ code }) => code === 'TAG_RESOLVE_FAILED');
  if (tag !== undefined) {
    const { line } = lines.linePos(tag.pos[0]);
    throw new HoldfastError('bad_config', { reason: 'yaml-tag', path: file, line, found: text.slice(...tag.pos) });
  }
  return { value: plainValue(document, file), at: (path) => ({ path: file, line: lineOf(document, lines, path) }) };
}

/** How often an anchor (`&name`) may be used (`*name`): a file of a few lines must not expand to millions. */
const ALIASES_MAX = 100;

function plainValue(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch (cause) {
    throw new HoldfastError('bad_config', { reason: 'aliases', path: file, limit: ALIASES_MAX }, { cause });
  }
}

/** The line of the deepest part of `path` that exists. */
function lineOf(document: Document, lines: LineCounter, path: readonly (string | number)[]): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
