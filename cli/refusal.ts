/** The one translator of a command line: a refusal in plain words and exit code 1; a bug with its stack. */
import { HoldfastError } from '#protocol/errors';
import { refusalWords } from '#runtime/service/refusal-words';

export function sayRefusal(thrown: unknown): void {
  process.exitCode = 1;
  if (!(thrown instanceof HoldfastError)) {
    process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
    return;
  }
  process.stderr.write(refusalWords(thrown));
}
