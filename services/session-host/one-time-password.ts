/**
 * Asks the sign-on helper for a password: a program with rights of its own, which the agent has not. One line in: the account; one
 * line out: its password. It stays while the password is good, and takes it back when its input ends: also when this agent dies.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { TIMES } from '#protocol/limits';
import { OneTimePassword } from '#protocol/session-server';

/** The helper is a program that may be slow to start; the device waits 10 s for its answer. */
const DEADLINE_MS = 8_000;
/** Of what a helper says when it fails; it ends in the log. */
const SAID = 500;

/** Throws 3026. `spend` may be called more than once. */
export async function oneTimePassword(
  helper: readonly string[],
  account: string,
  seconds: number = TIMES.signOnSeconds,
): Promise<{ readonly password: string; readonly spend: () => void }> {
  const [file = '', ...args] = helper;
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-SAID);
  });
  child.stdin.on('error', () => {});
  const spend = () => void child.stdin.end();
  const failed = new Promise<undefined>((resolve) => {
    child.once('error', (error) => {
      said = error.message;
      resolve(undefined);
    });
    child.once('close', () => resolve(undefined));
    setTimeout(resolve, DEADLINE_MS, undefined).unref();
  });
  child.stdin.write(`${account}\n`);
  const answer = await Promise.race([firstLine(child.stdout), failed]);
  if (!v.is(OneTimePassword, answer)) {
    spend();
    // What it answered may be a secret, however malformed.
    throw new HoldfastError(3026, { reason: 'no-password' }, { cause: new Error(`sign-on helper: ${said.trim()}`) });
  }
  setTimeout(spend, seconds * 1_000).unref();
  return { password: answer, spend };
}

async function firstLine(output: Readable): Promise<string | undefined> {
  for await (const line of createInterface({ input: output })) return line;
  return undefined;
}
