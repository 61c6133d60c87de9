/**
 * The person's own sign-out: the one thing besides a signed removal that may delete leases, and only where the site's setting, as the
 * issuer signed it with the leases, says so. Sessions that run go on.
 */
import type { Handler } from './handler.ts';

export const signOut: Handler<'signOut'> = async (host, { workspace, subject }) => {
  // A running sync must not bring back what is deleted now.
  await host.syncs.stop({ workspace, subject });
  const profile = host.profile();
  if (profile !== undefined) await host.people.release({ profile, workspace });
  const vault = await host.vaultOf({ workspace, subject });
  const manifest = await vault.manifest();
  if (manifest.ok && !manifest.value.deleteOnSignOut) return { deleted: 0 };
  return { deleted: await vault.removeLeases() };
};
