/** JSON lines over a stream, parsed by a schema as they come. An unterminated last line is dropped. */
import type { Readable } from 'node:stream';
import type * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { parseJson } from '#protocol/parse';

/** Caps in characters; `whole` is that of the stream. */
export interface LineCaps {
  readonly line: number;
  readonly whole?: number;
}

/** Throws `too_large` or `bad_request`; after that the rest of the stream is unusable. */
export async function* linesFrom<S extends v.GenericSchema>(
  input: Readable,
  schema: S,
  { line, whole = Number.POSITIVE_INFINITY }: LineCaps,
): AsyncGenerator<v.InferOutput<S>> {
  let held = '';
  let total = 0;
  input.setEncoding('utf8');
  for await (const chunk of input) {
    if (typeof chunk !== 'string') throw new TypeError('expected text');
    total += chunk.length;
    if (total > whole) throw new HoldfastError('too_large', { reason: 'limit', limit: whole });
    const parts = (held + chunk).split('\n');
    held = parts.pop() ?? '';
    for (const part of parts) if (part !== '') yield parseJson(schema, part, line);
    if (held.length > line) throw new HoldfastError('too_large', { reason: 'limit', limit: line });
  }
}
