/** Builds the browser's parts, unless what is in `dist/` is newer than every source. */
import { PROJECT_DIR } from './project-dir.ts';
import { sayRefusal } from './refusal.ts';
import { buildWhenNeeded } from './up/build.ts';

try {
  buildWhenNeeded(PROJECT_DIR, (line) => console.error(line));
} catch (error) {
  sayRefusal(error);
}
