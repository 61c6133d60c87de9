/** Parsing at the edge: `unknown` in, a domain type or a refusal out. */
import * as v from 'valibot';
import { HoldfastError } from './errors.ts';

/** What an input can be refused with: where it came from decides. */
export type ParseCode = 'bad_request' | 'bad_config' | 'internal' | 'host_version' | 'unavailable' | 'untrusted_peer' | 3002 | 3009;

/**
 * The value as the schema's type. Throws `HoldfastError(code)` naming the first wrong field, never its value
 * (it may be a secret).
 */
export function parse<S extends v.GenericSchema>(schema: S, input: unknown, code: ParseCode = 'bad_request'): v.InferOutput<S> {
  const result = v.safeParse(schema, input, { abortEarly: true, abortPipeEarly: true });
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw new HoldfastError(code, { reason: 'field', field: v.getDotPath(issue) ?? '(whole)', expected: issue.expected ?? 'another value' });
}

/** The same for JSON text of at most `maxBytes` characters. */
export function parseJson<S extends v.GenericSchema>(
  schema: S,
  text: string,
  maxBytes: number,
  code: ParseCode = 'bad_request',
): v.InferOutput<S> {
  if (text.length > maxBytes) throw new HoldfastError('too_large', { reason: 'limit', limit: maxBytes });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new HoldfastError(code, { reason: 'not-json' }, { cause });
  }
  return parse(schema, value, code);
}
