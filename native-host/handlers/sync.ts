/** Starts a lease sync; how it goes comes as events. */
import type { Handler } from './handler.ts';

export const sync: Handler<'sync'> = async (host, { store, subject, userName, token, force }) => {
  await host.people.signedIn({ store, subject, userName });
  return host.syncs.start({ owner: { store, subject }, userName, token, force });
};
