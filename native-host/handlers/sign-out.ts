/** The person's own sign-out: the one thing besides a signed denial that may delete leases. Sessions that run go on. */
import type { Handler } from './handler.ts';

export const signOut: Handler<'signOut'> = async (host, { workspace, subject, deleteLeases }) => {
  // A running sync must not bring back what is deleted now.
  await host.syncs.stop({ workspace, subject });
  await host.people.signedOut(workspace);
  if (!deleteLeases) return { deleted: 0 };
  const vault = await host.vaultOf({ workspace, subject });
  return { deleted: await vault.removeLeases() };
};
