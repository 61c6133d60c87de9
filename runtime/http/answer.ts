/** Reads a service's answer: up to a size limit, and a refusal as the service gave it. */
import * as v from 'valibot';
import { fromWireError, HoldfastError, WireError } from '#protocol/errors';
import { parseJson } from '#protocol/parse';

const Refused = v.object({ error: WireError });
/** A refusal is a few hundred bytes. */
const REFUSAL_BYTES = 16 * 1024;

/** Throws `too_large`, and what reading throws. */
export async function readText(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw new HoldfastError('too_large', { reason: 'limit', limit: maxBytes });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The refusal of `service`; anything not in our format came from something else and is `unavailable`. */
export async function readRefusal(body: AsyncIterable<Uint8Array>, service: string): Promise<HoldfastError> {
  try {
    return fromWireError(parseJson(Refused, await readText(body, REFUSAL_BYTES), REFUSAL_BYTES).error);
  } catch (cause) {
    return new HoldfastError('unavailable', { reason: 'not-holdfast', service }, { cause });
  }
}
