/** Entry of the `holdfast` command. */
import { program } from './program.ts';
import { sayRefusal } from './refusal.ts';

// `holdfast outage list | head` is no fault of anybody's.
process.stdout.on('error', () => process.exit());
try {
  await program().parseAsync();
} catch (error) {
  sayRefusal(error);
}
