/** The control socket of a running `up`: one JSON line in, one out. Only who may enter the data folder reaches it. */
import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { fromWireError, HoldfastError, toWireError, WireError } from '#protocol/errors';
import { parseJson } from '#protocol/parse';
import { FAULTS } from './fault.ts';

const MAX_LINE = 65_536;
/** A restored component has to start. */
const DEADLINE_MS = 70_000;

export const ControlRequest = v.variant('type', [
  v.object({ type: v.literal('outage'), component: v.string(), fault: v.picklist(FAULTS) }),
  v.object({ type: v.literal('list') }),
]);
export type ControlRequest = v.InferOutput<typeof ControlRequest>;

export const ControlReply = v.object({
  components: v.array(v.object({ name: v.string(), kind: v.string(), standing: v.string(), pid: v.optional(v.number()) })),
});
export type ControlReply = v.InferOutput<typeof ControlReply>;

const Answer = v.union([v.object({ error: WireError }), ControlReply]);

export async function serveControl(
  path: string,
  answer: (request: ControlRequest) => Promise<ControlReply>,
  signal: AbortSignal,
): Promise<void> {
  rmSync(path, { force: true });
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.setTimeout(DEADLINE_MS, () => socket.destroy());
    void (async () => {
      try {
        const line = await firstLine(socket);
        socket.end(`${JSON.stringify(await answer(parseJson(ControlRequest, line, MAX_LINE)))}\n`);
      } catch (error) {
        socket.end(`${JSON.stringify({ error: toWireError(error) })}\n`);
      }
    })();
  });
  const before = process.umask(0o077);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
  } finally {
    process.umask(before);
  }
  signal.addEventListener('abort', () => server.close(), { once: true });
}

/** Throws what the other side refused with, or `unavailable` when nothing runs there. */
export async function askControl(path: string, request: ControlRequest): Promise<ControlReply> {
  const socket = connect(path);
  socket.setTimeout(DEADLINE_MS, () => socket.destroy(new HoldfastError('timeout')));
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', (cause) => reject(new HoldfastError('unavailable', { reason: 'no-up', path }, { cause })));
    });
    socket.write(`${JSON.stringify(request)}\n`);
    const answer = parseJson(Answer, await firstLine(socket), MAX_LINE, 'internal');
    if ('error' in answer) throw fromWireError(answer.error);
    return answer;
  } finally {
    socket.destroy();
  }
}

async function firstLine(socket: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: socket })) return line;
  throw new HoldfastError('bad_request', { reason: 'unexpected-answer' });
}
