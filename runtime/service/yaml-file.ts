/** YAML files that people write: validated by a schema; every complaint names file, line and field. */
import { readFileSync, statSync } from 'node:fs';
import * as v from 'valibot';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { HoldfastError } from '#protocol/errors';
import { LIMITS } from '#protocol/limits';

export interface YamlFile<T> {
  readonly value: T;
  /** `file:line` of a field, for complaints beyond the schema: `at(['resources', 3, 'id'])` */
  at(path: readonly (string | number)[]): string;
}

/** More are not read anyway. */
const COMPLAINTS_MAX = 10;

/** Reads the file. Throws `bad_config` with a line for each complaint. */
export function readYamlFile<S extends v.GenericSchema>(schema: S, file: string): YamlFile<v.InferOutput<S>> {
  const document = parseText(readText(file), file);
  const result = v.safeParse(schema, document.value, { abortPipeEarly: true });
  if (result.success) return { value: result.output, at: document.at };
  const complaints = result.issues.slice(0, COMPLAINTS_MAX).map((issue) => {
    const path = (issue.path ?? []).flatMap(({ key }) => (typeof key === 'string' || typeof key === 'number' ? [key] : []));
    return `${document.at(path)}: ${complaintOf(issue, path.join('.') || '(whole)')}`;
  });
  throw new HoldfastError('bad_config', complaints.join('\n'));
}

/** Never the value: it may be a secret. */
function complaintOf(issue: v.BaseIssue<unknown>, field: string): string {
  if (issue.kind === 'schema' && issue.expected === 'never') return `there is no field "${field}" in such a file; is it misspelt?`;
  if (issue.received === 'undefined') return `field "${field}" is missing.`;
  if (issue.type === 'min_length' && typeof issue.input === 'string')
    return `field "${field}" ${issue.input === '' ? 'is empty' : `has to be at least ${String(issue.requirement)} characters long`}.`;
  const expected = issue.type === 'regex' ? `written as ${issue.expected} says` : (issue.expected ?? 'another value');
  return `field "${field}" should be ${expected}, but something else is there.`;
}

function readText(file: string): string {
  try {
    if (statSync(file).size > LIMITS.configBytes)
      throw new HoldfastError('bad_config', `${file} is larger than ${LIMITS.configBytes} bytes.`);
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof HoldfastError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    const why = code === 'ENOENT' ? 'is not there' : `can’t be read (${String(code)})`;
    throw new HoldfastError('bad_config', `${file} ${why}.`, { cause });
  }
}

function parseText(text: string, file: string): { value: unknown; at: YamlFile<unknown>['at'] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const fault = document.errors[0];
  if (fault !== undefined)
    throw new HoldfastError('bad_config', `${file}:${lines.linePos(fault.pos[0]).line}: it is not YAML: ${fault.message}.`);
  return { value: plainValue(document, file), at: (path) => `${file}:${lineOf(document, lines, path)}` };
}

/** How often an anchor (`&name`) may be used (`*name`): a file of a few lines must not expand to millions. */
const ALIASES_MAX = 100;

function plainValue(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch (cause) {
    throw new HoldfastError('bad_config', `${file}: its aliases (*name) lead nowhere, or are more than ${ALIASES_MAX}.`, { cause });
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
