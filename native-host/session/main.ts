/** Entry of a session's own process: it leads its own process group and outlives the native host and the browser. */
import { useCodeCache } from '../code-cache.ts';
import { homeFolder } from '../home.ts';

const home = homeFolder(process.env);
useCodeCache(home);
const { runSession } = await import('./session.ts');
process.exit(await runSession(home, process.stdin, process.stdout));
