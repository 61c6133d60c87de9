/** `node test/setup/main.ts start|test`: makes sure that the system programs are there. Says nothing when they are. */
import { provide } from './provide.ts';

process.exitCode = provide(process.argv[2] === 'test' ? 'test' : 'start') ? 0 : 1;
