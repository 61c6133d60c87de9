/** Waits with a deadline for a server that was just started. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { HoldfastError } from '#protocol/errors';
import { lookUntil } from '../look-until.ts';
import type { RunningProgram } from './confinement.ts';

const DEADLINE_MS = 20_000;
const EVERY_MS = 50;

/** On this Unix socket. Throws `internal` when the program ends, or does not listen in time. */
export async function untilListening(socket: string, what: string, program: RunningProgram, signal: AbortSignal): Promise<void> {
  let gone = false;
  void program.ended.then(() => {
    gone = true;
  });
  const times = { everyMs: EVERY_MS, forMs: DEADLINE_MS, signal };
  const found = await lookUntil(async () => ((await connects(socket)) ? 'met' : gone && 'gone'), times);
  if (found !== 'met') throw notReady(found === 'gone', what, program);
}

/** The first line that it tells us (`tells` of its start). Throws `internal` when it ends, or tells nothing in time. */
export async function untilTold(what: string, program: RunningProgram, signal: AbortSignal): Promise<string> {
  const told = program.child.stdio[3];
  if (!(told instanceof Readable)) throw new TypeError(`${what} was not started to tell anything`);
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
  const line = async () => {
    for await (const first of createInterface({ input: told, signal: deadline })) return first;
    return undefined;
  };
  const first = await Promise.race([line(), program.ended, once(deadline, 'abort').then(() => undefined)]);
  if (typeof first !== 'string') throw notReady(!deadline.aborted, what, program);
  return first;
}

function notReady(gone: boolean, what: string, program: RunningProgram): HoldfastError {
  return new HoldfastError('internal', { reason: gone ? 'ended-early' : 'not-ready', name: what, said: lastWords(program) });
}

/** What it said last, and where the rest stands. */
function lastWords({ logFile }: RunningProgram): string {
  const said = readFileSync(logFile, 'utf8').trimEnd().split('\n').at(-1) ?? '';
  return said === '' ? '.' : `: ${said} (${logFile})`;
}

function connects(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path, timeout: 1_000 });
    const say = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => say(true));
    socket.once('error', () => say(false));
    socket.once('timeout', () => say(false));
  });
}
