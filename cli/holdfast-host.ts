/** Entry of the `holdfast-host` command: the native host's own command line. */
import { run } from '../native-host/command.ts';
import { sayRefusal } from './refusal.ts';

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  sayRefusal(error);
}
