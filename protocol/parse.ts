/** Parsing at the edge: `unknown` in, a domain type or a refusal out. */
import * as v from 'valibot';
import { type ErrorCode, HoldfastError } from './errors.ts';

/**
 * The value as the schema's type. Throws `HoldfastError(code)` naming the first wrong field, never its value
 * (it may be a secret).
 */
export function parse<S extends v.GenericSchema>(schema: S, input: unknown, code: ErrorCode = 'bad_request'): v.InferOutput<S> {
  const result = v.safeParse(schema, input, { abortEarly: true, abortPipeEarly: true });
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw new HoldfastError(code, `Field "${v.getDotPath(issue) ?? '(whole)'}": expected ${issue.expected ?? 'another value'}.`);
}

/** The same for JSON text of at most `maxBytes` characters. */
export function parseJson<S extends v.GenericSchema>(
  schema: S,
  text: string,
  maxBytes: number,
  code: ErrorCode = 'bad_request',
): v.InferOutput<S> {
  if (text.length > maxBytes) throw new HoldfastError('too_large', `At most ${maxBytes} bytes.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new HoldfastError(code, 'It is not JSON.', { cause });
  }
  return parse(schema, value, code);
}
