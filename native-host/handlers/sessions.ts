/** This person's running sessions, started by this host or by an earlier one. */
import { runningSessions } from '../session/record.ts';
import type { Handler } from './handler.ts';

export const sessions: Handler<'sessions'> = async (host, { workspace, subject }) => {
  const files = await runningSessions(host.home);
  return {
    sessions: files
      .filter((file) => file.workspace === workspace && file.subject === subject)
      .map(({ session }) => session)
      .slice(-200),
  };
};
