/** `holdfast-host logs`. */
import { readLog } from '../log.ts';
import { CommonFlags, flagsOf, homeOf, print } from './options.ts';

export async function logsCommand(given: unknown): Promise<number> {
  const flags = flagsOf(CommonFlags, given);
  const lines = await readLog(homeOf(flags));
  print(flags.json, { lines }, lines);
  return 0;
}
