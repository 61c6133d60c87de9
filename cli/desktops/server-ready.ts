/** Waits with a deadline for a server that was just started. */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { HoldfastError } from '#protocol/errors';
import { lookUntil } from '../look-until.ts';
import { HOST } from '../up/plan.ts';
import type { RunningProgram } from './confinement.ts';

const DEADLINE_MS = 20_000;
const EVERY_MS = 50;

/** On our own address, or one of `others`. Throws `internal` when the program ends, or does not listen in time. */
export function untilListening(
  port: number,
  what: string,
  program: RunningProgram,
  signal: AbortSignal,
  ...others: readonly string[]
): Promise<void> {
  return until(
    async () => (await Promise.all([HOST, ...others].map((host) => connects(port, host)))).includes(true),
    what,
    program,
    signal,
  );
}

/** Until a whole line is in the file. */
export function untilWritten(file: string, what: string, program: RunningProgram, signal: AbortSignal): Promise<void> {
  return until(async () => readFileSync(file, 'utf8').includes('\n'), what, program, signal);
}

async function until(met: () => Promise<boolean>, what: string, program: RunningProgram, signal: AbortSignal): Promise<void> {
  let gone = false;
  void program.ended.then(() => {
    gone = true;
  });
  const times = { everyMs: EVERY_MS, forMs: DEADLINE_MS, signal };
  const found = await lookUntil(async () => ((await met()) ? 'met' : gone && 'gone'), times);
  if (found === 'met') return;
  const reason = found === 'gone' ? 'ended-early' : 'not-ready';
  throw new HoldfastError('internal', { reason, name: what, said: lastWords(program) });
}

/** What it said last, and where the rest stands. */
function lastWords({ logFile }: RunningProgram): string {
  const said = readFileSync(logFile, 'utf8').trimEnd().split('\n').at(-1) ?? '';
  return said === '' ? '.' : `: ${said} (${logFile})`;
}

function connects(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: 1_000 });
    const say = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => say(true));
    socket.once('error', () => say(false));
    socket.once('timeout', () => say(false));
  });
}
