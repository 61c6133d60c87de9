/** `holdfast-host sessions`. */
import { runningSessions } from '../session/record.ts';
import { CommonFlags, flagsOf, homeOf, print } from './options.ts';

export async function sessionsCommand(given: unknown): Promise<number> {
  const flags = flagsOf(CommonFlags, given);
  const sessions = (await runningSessions(homeOf(flags))).map(({ session, pid, workspace }) => ({ ...session, pid, workspace }));
  print(
    flags.json,
    { sessions },
    sessions.map(
      ({ name, sessionHost, location, route, mode, since }) =>
        `${name} on ${sessionHost} (${location}, ${route}, ${mode}) since ${new Date(since).toISOString()}`,
    ),
  );
  return 0;
}
