/** Makes sure that the system programs are there, and says what was done or is to be done. Nothing when they are there already. */

import { setUp } from './install.ts';
import type { ProgramSet } from './programs.ts';

/** False: what is asked for cannot work without what is missing. */
export function provide(set: ProgramSet): boolean {
  const outcome = setUp(set);
  if (outcome.state === 'installed') console.error(`Installed: ${outcome.packages.join(' ')}`);
  if (outcome.state !== 'named') return true;
  const after = outcome.goOn ? 'Some desktops are left out until you run this:' : 'Run this, then start again:';
  console.error(`System programs are missing, and ${outcome.why}. ${after}\n\n  ${outcome.command}\n`);
  return outcome.goOn;
}
