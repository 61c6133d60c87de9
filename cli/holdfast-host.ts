/** Entry of the `holdfast-host` command: the native host's own command line. */
import { run } from '../native-host/command.ts';
import { sayRefusal } from './refusal.ts';

try {
  const code = await run(process.argv.slice(2));
  if (typeof code === 'number') process.exitCode = code;
} catch (error) {
  sayRefusal(error);
}
