/** `node test/setup/main.ts start|test`: makes sure that the system programs are there. Says nothing when they are. */
import { setUp } from './install.ts';

const set = process.argv[2] === 'test' ? 'test' : 'start';
const outcome = setUp(set);
if (outcome.state === 'installed') console.error(`Installed: ${outcome.packages.join(' ')}`);
if (outcome.state === 'named') {
  const after = outcome.goOn ? 'Some desktops are left out until you run this:' : 'Run this, then start again:';
  console.error(`System programs are missing, and ${outcome.why}. ${after}\n\n  ${outcome.command}\n`);
  if (!outcome.goOn) process.exitCode = 1;
}
