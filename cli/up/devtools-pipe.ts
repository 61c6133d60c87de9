/** The browser's debugging pipe: commands out on one descriptor, replies in on another, each ended by a zero byte. */
import type { ChildProcess } from 'node:child_process';
import { Readable, Writable } from 'node:stream';
import * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';

export type Ask = (method: string, params: object) => Promise<unknown>;

const DEADLINE_MS = 20_000;
const MAX_REPLY = 1_048_576;
const Reply = v.object({ id: v.number(), result: v.optional(v.unknown()), error: v.optional(v.object({ message: v.string() })) });

/** The child was started with pipes as descriptors 3 and 4. Replies are matched by id; everything else is let pass. */
export function openDevtools(child: ChildProcess): Ask {
  const [, , , commands, replies] = child.stdio;
  if (!(commands instanceof Writable) || !(replies instanceof Readable)) throw new TypeError('no debugging pipe');
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = 0;
  let read = '';
  commands.on('error', () => undefined);
  replies.on('error', () => undefined);
  replies.setEncoding('utf8');
  replies.on('data', (chunk: string) => {
    const messages = (read + chunk).split('\0');
    read = messages.pop() ?? '';
    if (read.length > MAX_REPLY) replies.destroy();
    for (const message of messages) settle(waiting, message);
  });
  replies.on('close', () => {
    for (const one of waiting.values()) one.reject(new HoldfastError('unavailable', { reason: 'browser-ended' }));
  });
  return async (method, params) => {
    const id = ++lastId;
    const answer = Promise.withResolvers<unknown>();
    const deadline = setTimeout(() => answer.reject(new HoldfastError('timeout', { reason: 'browser', name: method })), DEADLINE_MS);
    waiting.set(id, answer);
    commands.write(`${JSON.stringify({ id, method, params })}\0`);
    try {
      return await answer.promise;
    } finally {
      clearTimeout(deadline);
      waiting.delete(id);
    }
  };
}

function settle(waiting: ReadonlyMap<number, PromiseWithResolvers<unknown>>, message: string): void {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Reply), message);
  if (!parsed.success) return;
  const { id, result, error } = parsed.output;
  if (error === undefined) waiting.get(id)?.resolve(result);
  else waiting.get(id)?.reject(new HoldfastError('internal', { reason: 'browser', said: error.message }));
}
