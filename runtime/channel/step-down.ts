/**
 * Leaves TLS on a connection that continues as raw bytes. TLS runs over a stand-in stream, so that the
 * TCP socket survives it. No byte can land on the wrong side: each end says `step-down` as its last frame inside TLS, the
 * session host's first raw byte is `RAW_READY`, and the gateway sends nothing raw before it has read that byte.
 */
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { RAW_READY, StepDownFrame } from '#protocol/channel';
import { HoldfastError } from '#protocol/errors';
import { parse } from '#protocol/parse';
import { within } from './connection.ts';
import type { Frames } from './frames.ts';

const STEP_DOWN_MS = 5_000;

export interface StandIn {
  readonly stream: Duplex;
  /** What the socket receives from now on stays in it; pending writes still go out. */
  holdIncoming(): void;
  /** Gives the socket back, paused. */
  detach(): Socket;
}

/** A stream that forwards everything to the socket and back until it is detached. */
export function standInFor(socket: Socket): StandIn {
  let attached = true;
  let incoming = true;
  const stream = new Duplex({
    allowHalfOpen: true,
    read: () => void (incoming && socket.resume()),
    write: (chunk: Buffer, _encoding, done) => {
      if (attached) socket.write(chunk, done);
      else done();
    },
    final: (done) => {
      if (attached) socket.end(done);
      else done();
    },
    destroy: (error, done) => {
      if (attached) socket.destroy();
      done(error);
    },
  });
  stream.on('error', () => {});
  const onData = (chunk: Buffer) => void (stream.push(chunk) || socket.pause());
  const onEnd = () => void stream.push(null);
  const onClose = () => void stream.destroy(socket.errored ?? undefined);
  socket.on('data', onData).on('end', onEnd).on('close', onClose);
  const holdIncoming = () => {
    incoming = false;
    socket.off('data', onData).off('end', onEnd);
    socket.pause();
  };
  return {
    stream,
    holdIncoming,
    detach() {
      holdIncoming();
      attached = false;
      socket.off('close', onClose);
      return socket;
    },
  };
}

/** The session host's half. Resolves to the raw connection, on which the device's bytes come next. */
export async function stepDownAsSessionHost(tls: TLSSocket, frames: Frames, standIn: StandIn): Promise<Socket> {
  await within(tls, STEP_DOWN_MS, { reason: 'no-step-down' }, async () => {
    frames.send({ type: 'step-down' });
    parse(StepDownFrame, await frames.next());
  });
  const socket = leaveTls(tls, standIn);
  socket.write(Buffer.of(RAW_READY));
  return socket;
}

/** The gateway's half. Resolves to the raw connection once the session host is on the raw side too. */
export async function stepDownAsGateway(tls: TLSSocket, frames: Frames, standIn: StandIn): Promise<Socket> {
  await within(tls, STEP_DOWN_MS, { reason: 'no-step-down' }, async () => {
    parse(StepDownFrame, await frames.next());
    // Before our answer goes out: its raw byte may arrive before we learn that the answer was sent.
    standIn.holdIncoming();
    frames.send({ type: 'step-down' });
    await flushed(tls);
  });
  const socket = leaveTls(tls, standIn);
  await within(socket, STEP_DOWN_MS, { reason: 'no-step-down' }, () => readMark(socket));
  return socket;
}

/** Until everything written has gone through TLS into the socket. */
function flushed(tls: TLSSocket): Promise<void> {
  return new Promise((resolve, reject) => tls.write('', (error) => (error ? reject(error) : resolve())));
}

function leaveTls(tls: TLSSocket, standIn: StandIn): Socket {
  const socket = standIn.detach();
  tls.destroy();
  standIn.stream.destroy();
  if (socket.destroyed) throw new HoldfastError('unavailable', { reason: 'cut' });
  return socket;
}

function readMark(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      socket.off('readable', attempt).off('close', attempt).off('end', attempt);
      finish();
    };
    const attempt = () => {
      const byte: unknown = socket.destroyed ? null : socket.read(1);
      if (Buffer.isBuffer(byte)) {
        return settle(() => (byte[0] === RAW_READY ? resolve() : reject(new HoldfastError('bad_request', { reason: 'not-raw' }))));
      }
      if (socket.destroyed || socket.readableEnded)
        settle(() => reject(socket.errored ?? new HoldfastError('unavailable', { reason: 'cut' })));
    };
    socket.on('readable', attempt).on('close', attempt).on('end', attempt);
    attempt();
  });
}
