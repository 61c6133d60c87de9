/**
 * The sign-on helper: makes a password for one sign-on to one account of its list, and takes it back. Run with the rights that this
 * needs (root by a sudo rule, or the account itself); the agent that asks has none of them, and can ask for nothing else.
 *
 *   --config FILE give    a line in: the account; a line out: the password. Taken back when the input ends, or after 60 s.
 *   --config FILE check   for pam_exec(8): PAM_USER, and the password as input; status 0 once, if it is that account's
 */
import { check } from './check.ts';
import { openHelperConfig } from './config.ts';
import { give } from './give.ts';

const [, , option, file, verb] = process.argv;
if (option !== '--config' || file === undefined || (verb !== 'give' && verb !== 'check')) {
  process.stderr.write('usage: --config FILE give|check\n');
  process.exit(64);
}
// Its input may stay open as long as the agent likes: the end is ours.
process.exit(await run(file, verb));

async function run(path: string, what: 'give' | 'check'): Promise<number> {
  try {
    const config = openHelperConfig(path);
    return what === 'give' ? await give(config, process) : await check(config, process);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}
