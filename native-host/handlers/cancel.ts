/** Cancels a launch of this person, or ends its session, even one started by an earlier run of this host. */
import { runningSessions } from '../session/record.ts';
import type { Handler } from './handler.ts';

export const cancel: Handler<'cancel'> = async (host, { workspace, subject, correlationId }) => {
  if (host.launches.cancel({ workspace, subject }, correlationId)) return { cancelled: true };
  const left = (await runningSessions(host.home)).find(
    (file) => file.workspace === workspace && file.subject === subject && file.session.correlationId === correlationId,
  );
  if (left === undefined) return { cancelled: false };
  process.kill(left.pid, 'SIGTERM');
  return { cancelled: true };
};
