/** Entry of the native messaging host: started by the browser with the extension's origin as its argument. */
import { useCodeCache } from './code-cache.ts';
import { homeFolder } from './home.ts';

useCodeCache(homeFolder(process.env));
const { serve } = await import('./message-loop.ts');
process.exit(await serve({ input: process.stdin, output: process.stdout, args: process.argv.slice(2), env: process.env }));
