/**
 * Frames over a byte stream: a 4-byte big-endian length and that many bytes of JSON. Bytes are taken out of the stream only
 * as frames need them, so whatever follows the last frame is still in the stream when it is read raw afterwards.
 */
import type { Duplex } from 'node:stream';
import { FRAME_HEADER_BYTES, MAX_FRAME_BYTES } from '#protocol/channel';
import { HoldfastError } from '#protocol/errors';

export interface Frames {
  /** The next frame's value, not yet parsed by a schema; undefined when the peer closed cleanly between two frames. */
  next(): Promise<unknown>;
  /** Writes a frame. False when the peer reads too slowly for more. */
  send(frame: object): boolean;
}

export function encodeFrame(frame: object): Buffer {
  const body = Buffer.from(JSON.stringify(frame));
  if (body.length > MAX_FRAME_BYTES) throw new HoldfastError('too_large', { reason: 'limit', limit: MAX_FRAME_BYTES });
  const bytes = Buffer.allocUnsafe(FRAME_HEADER_BYTES + body.length);
  bytes.writeUInt32BE(body.length);
  body.copy(bytes, FRAME_HEADER_BYTES);
  return bytes;
}

/** Speaks frames on a paused stream. Destroying the stream with an error makes a waiting `next` fail with that error. */
export function framesOver(stream: Duplex): Frames {
  return {
    async next() {
      const header = await take(stream, FRAME_HEADER_BYTES);
      if (header === undefined) return undefined;
      const length = header.readUInt32BE();
      if (length > MAX_FRAME_BYTES) throw new HoldfastError('too_large', { reason: 'limit', limit: MAX_FRAME_BYTES });
      const body = length === 0 ? Buffer.alloc(0) : await take(stream, length);
      if (body === undefined) throw new HoldfastError('unavailable', { reason: 'cut' });
      return readJson(body);
    },
    send: (frame) => stream.writable && stream.write(encodeFrame(frame)),
  };
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new HoldfastError('bad_request', { reason: 'not-json' }, { cause });
  }
}

/** Exactly `size` bytes, or undefined at the stream's end. */
function take(stream: Duplex, size: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      stream.off('readable', attempt).off('end', attempt).off('close', attempt);
      finish();
    };
    const attempt = () => {
      const failure = stream.errored;
      if (failure !== null) return settle(() => reject(failure));
      const chunk: unknown = stream.destroyed ? null : stream.read(size);
      if (Buffer.isBuffer(chunk)) {
        return settle(() => (chunk.length === size ? resolve(chunk) : reject(new HoldfastError('unavailable', { reason: 'cut' }))));
      }
      if (stream.readableEnded) return settle(() => resolve(undefined));
      if (stream.destroyed) return settle(() => reject(new HoldfastError('unavailable', { reason: 'cut' })));
    };
    stream.on('readable', attempt).on('end', attempt).on('close', attempt);
    attempt();
  });
}
