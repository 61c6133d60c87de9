/**
 * The first message of a TLS client (RFC 8446, 4.1.2), read without answering: which server name and which protocols it asks
 * for. Everything that is not a complete, well-formed ClientHello with a server name is refused before any cryptography.
 */
import type { Socket } from 'node:net';
import { HoldfastError } from '#protocol/errors';
import { TIMES } from '#protocol/limits';
import { within } from './connection.ts';

export interface ClientHello {
  /** in lower case */
  readonly serverName: string;
  readonly alpn: readonly string[];
}

/** Browsers send about 2 KB with a post-quantum key share; no honest client comes near this. */
const MAX_BYTES = 16 * 1024;
const RECORD_HEADER = 5;
const HANDSHAKE_RECORD = 22;
const CLIENT_HELLO = 1;
const SERVER_NAME = 0;
const ALPN_EXTENSION = 16;

/** Reads it and puts the bytes back, so that TLS (or the other end of a splice) reads them again. */
export function readClientHello(socket: Socket, deadlineMs: number = TIMES.clientHelloMs): Promise<ClientHello> {
  return within(socket, deadlineMs, { reason: 'tls' }, () => new Promise((resolve, reject) => gather(socket, resolve, reject)));
}

function gather(socket: Socket, resolve: (hello: ClientHello) => void, reject: (error: Error) => void): void {
  let bytes: Buffer = Buffer.alloc(0);
  const settle = (finish: () => void) => {
    socket.off('readable', attempt).off('end', cut).off('close', cut);
    finish();
  };
  const cut = () => settle(() => reject(socket.errored ?? new HoldfastError('unavailable', { reason: 'cut' })));
  const attempt = () => {
    const chunk: unknown = socket.read();
    if (!Buffer.isBuffer(chunk)) return;
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    const hello = parseClientHello(bytes);
    if (hello === 'incomplete') return;
    if (hello === 'malformed') return settle(() => reject(new HoldfastError('bad_request', { reason: 'no-tls' })));
    settle(() => {
      socket.unshift(bytes);
      resolve(hello);
    });
  };
  socket.on('readable', attempt).on('end', cut).on('close', cut);
  attempt();
}

/** Never throws. `incomplete` asks for more bytes; they are never more than 16 KiB. */
export function parseClientHello(bytes: Buffer): ClientHello | 'incomplete' | 'malformed' {
  const message = joinRecords(bytes);
  if (typeof message === 'string') return message;
  try {
    return readMessage(new Cursor(message));
  } catch (error) {
    if (error instanceof RangeError) return 'malformed';
    throw error;
  }
}

/** The handshake message without its 4-byte header; it may be spread over several records. */
function joinRecords(bytes: Buffer): Buffer | 'incomplete' | 'malformed' {
  const parts: Buffer[] = [];
  let gathered = 0;
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] !== HANDSHAKE_RECORD || (at + 1 < bytes.length && bytes[at + 1] !== 3)) return 'malformed';
    if (at + RECORD_HEADER > bytes.length) break;
    const length = bytes.readUInt16BE(at + 3);
    if (length === 0 || at + RECORD_HEADER + length > MAX_BYTES) return 'malformed';
    const part = bytes.subarray(at + RECORD_HEADER, at + RECORD_HEADER + length);
    if (parts.length === 0 && part.length > 0 && part[0] !== CLIENT_HELLO) return 'malformed';
    parts.push(part);
    gathered += part.length;
    const head = Buffer.concat(parts, Math.min(gathered, 4));
    if (head.length === 4) {
      const needed = 4 + head.readUIntBE(1, 3);
      if (needed > MAX_BYTES) return 'malformed';
      if (gathered >= needed) return Buffer.concat(parts, needed).subarray(4);
    }
    at += RECORD_HEADER + length;
  }
  return 'incomplete';
}

function readMessage(message: Cursor): ClientHello | 'malformed' {
  message.skip(2 + 32);
  message.skip(message.uint8());
  message.skip(message.uint16());
  message.skip(message.uint8());
  const extensions = message.part(message.uint16());
  let serverName: string | undefined;
  let alpn: string[] = [];
  while (!extensions.ended) {
    const type = extensions.uint16();
    const body = extensions.part(extensions.uint16());
    if (type === SERVER_NAME) serverName = readServerName(body);
    if (type === ALPN_EXTENSION) alpn = readAlpn(body);
  }
  return serverName === undefined ? 'malformed' : { serverName, alpn };
}

function readServerName(body: Cursor): string | undefined {
  const list = body.part(body.uint16());
  if (list.uint8() !== 0) return undefined;
  const name = list.text(list.uint16());
  return /^[A-Za-z0-9._-]{1,253}$/u.test(name) ? name.toLowerCase() : undefined;
}

function readAlpn(body: Cursor): string[] {
  const names: string[] = [];
  const list = body.part(body.uint16());
  while (!list.ended) names.push(list.text(list.uint8()));
  return names;
}

/** Reads forward; a length that points beyond the end throws a RangeError. */
class Cursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get ended(): boolean {
    return this.#at >= this.#bytes.length;
  }

  uint8(): number {
    return this.#take(1).readUInt8();
  }

  uint16(): number {
    return this.#take(2).readUInt16BE();
  }

  skip(length: number): void {
    this.#take(length);
  }

  part(length: number): Cursor {
    return new Cursor(this.#take(length));
  }

  text(length: number): string {
    return this.#take(length).toString('latin1');
  }

  #take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw new RangeError('beyond the end');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}
