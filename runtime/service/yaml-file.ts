/** YAML files that people write: checked by a schema, and every complaint names file, line and field. */
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

/** Reads the file. Throws `bad_config` with the first complaint. */
export function readYamlFile<S extends v.GenericSchema>(schema: S, file: string): YamlFile<v.InferOutput<S>> {
  const document = parseText(readText(file), file);
  const result = v.safeParse(schema, document.value, { abortEarly: true, abortPipeEarly: true });
  if (result.success) return { value: result.output, at: document.at };
  const issue = result.issues[0];
  const path = (issue.path ?? []).flatMap(({ key }) => (typeof key === 'string' || typeof key === 'number' ? [key] : []));
  const found = issue.received === 'undefined' ? 'nothing' : 'something else';
  throw new HoldfastError(
    'bad_config',
    `${document.at(path)}: field "${path.join('.') || '(whole)'}" should be ${issue.expected ?? 'another value'}, but ${found} is there.`,
  );
}

function readText(file: string): string {
  try {
    if (statSync(file).size > LIMITS.configBytes)
      throw new HoldfastError('bad_config', `${file} is larger than ${LIMITS.configBytes} bytes.`);
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof HoldfastError) throw cause;
    throw new HoldfastError('bad_config', `${file} can’t be read.`, { cause });
  }
}

function parseText(text: string, file: string): { value: unknown; at: YamlFile<unknown>['at'] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const fault = document.errors[0];
  if (fault !== undefined)
    throw new HoldfastError('bad_config', `${file}:${lines.linePos(fault.pos[0]).line}: ${fault.message.split('\n')[0]}`);
  return { value: document.toJS({ maxAliasCount: 100 }), at: (path) => `${file}:${lineOf(document, lines, path)}` };
}

/** The line of the deepest part of `path` that is really there. */
function lineOf(document: Document, lines: LineCounter, path: readonly (string | number)[]): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
