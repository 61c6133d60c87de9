/** Entry of the `holdfast` command. */
import { program } from './program.ts';
import { sayRefusal } from './refusal.ts';

try {
  await program().parseAsync();
} catch (error) {
  sayRefusal(error);
}
