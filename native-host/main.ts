/** Entry of the native messaging host: started by the browser with the extension's origin as its argument. */
import { useCodeCache } from './code-cache.ts';
import { homeFolder } from './home.ts';

const home = homeFolder(process.env);
useCodeCache(home);
const { serve } = await import('./message-loop.ts');
const { openLog } = await import('./log.ts');
process.on('uncaughtExceptionMonitor', (error) => openLog(home).error('the host stopped', error));
process.exit(await serve({ input: process.stdin, output: process.stdout, args: process.argv.slice(2), env: process.env }));
