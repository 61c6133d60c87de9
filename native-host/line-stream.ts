/** Lines of JSON over a pipe, parsed by a schema as they come. */
import type { Readable } from 'node:stream';
import type * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { parseJson } from '#protocol/parse';

/** Throws `too_large` or `bad_request`; after that nothing of the stream can be relied on. */
export async function* linesFrom<S extends v.GenericSchema>(
  input: Readable,
  schema: S,
  maxBytes: number,
): AsyncGenerator<v.InferOutput<S>> {
  let held = '';
  input.setEncoding('utf8');
  for await (const chunk of input) {
    if (typeof chunk !== 'string') throw new TypeError('expected text');
    const parts = (held + chunk).split('\n');
    held = parts.pop() ?? '';
    for (const part of parts) if (part !== '') yield parseJson(schema, part, maxBytes);
    if (held.length > maxBytes) throw new HoldfastError('too_large', `A line is at most ${maxBytes} bytes.`);
  }
}
