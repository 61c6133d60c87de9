/**
 * Native messages: a 4-byte length in this machine's byte order, then that many bytes of JSON, at most 256 KiB both ways.
 * The reader gives one message at a time and never holds more than one over-long frame's header.
 */
import { endianness } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { HoldfastError } from '#protocol/errors';
import { LIMITS } from '#protocol/limits';

const HEADER = 4;
const LITTLE = endianness() === 'LE';

export function encodeMessage(message: object): Buffer {
  const body = Buffer.from(JSON.stringify(message));
  if (body.length > LIMITS.nativeMessageBytes) throw new HoldfastError('too_large', { reason: 'limit', limit: LIMITS.nativeMessageBytes });
  const header = Buffer.alloc(HEADER);
  if (LITTLE) header.writeUInt32LE(body.length);
  else header.writeUInt32BE(body.length);
  return Buffer.concat([header, body]);
}

export function sendTo(output: Writable): (message: object) => void {
  return (message) => void output.write(encodeMessage(message));
}

/**
 * Yields each message's value until the input ends. Throws on a frame above the cap or invalid JSON: after it the
 * stream is unusable.
 */
export async function* messagesFrom(input: Readable): AsyncGenerator<unknown> {
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of input) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError('expected bytes');
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    for (let length = lengthOf(held); length !== undefined && held.length >= HEADER + length; length = lengthOf(held)) {
      const body = held.subarray(HEADER, HEADER + length);
      held = held.subarray(HEADER + length);
      yield readJson(body);
    }
  }
}

function lengthOf(held: Buffer): number | undefined {
  if (held.length < HEADER) return undefined;
  const length = LITTLE ? held.readUInt32LE() : held.readUInt32BE();
  if (length > LIMITS.nativeMessageBytes) throw new HoldfastError('too_large', { reason: 'limit', limit: LIMITS.nativeMessageBytes });
  return length;
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new HoldfastError('bad_request', { reason: 'not-json' }, { cause });
  }
}
