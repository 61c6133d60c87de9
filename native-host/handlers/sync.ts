/** Starts a lease sync; progress comes as events. */
import type { Handler } from './handler.ts';

export const sync: Handler<'sync'> = async (host, { workspace, subject, userName, token, force }) =>
  host.syncs.start({ owner: { workspace, subject }, userName, token, force });
