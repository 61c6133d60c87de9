/**
 * What the native host keeps on disk, owner-only. Below its folder, for each store and user:
 *   <hash of store and subject>/manifest.json      the commit point: only what it names exists
 *   <hash of store and subject>/leases/<digest>    lease files by content hash; three names a resource
 *   <hash of store and subject>/device.json        private keys, where no token or keystore holds them
 */
import * as v from 'valibot';
import { P256Jwk } from './jose.ts';
import { LIMITS } from './limits.ts';
import { Compact, Count, Digest, Id, Millis, Name, Nonce, Origin, Seconds, Subject } from './primitives.ts';
import { SignedRootBundle } from './trust.ts';

export const VaultManifest = v.object({
  v: v.literal(1),
  store: Origin,
  subject: Subject,
  userName: Name,
  generation: Count,
  syncedAt: Millis,
  rootBundle: SignedRootBundle,
  revocations: Compact,
  workspaceStatement: Compact,
  leases: v.pipe(
    v.array(
      v.object({
        lease: Nonce,
        resource: Id,
        /** file names below `leases/` */
        metadata: v.string(),
        common: v.string(),
        location: v.string(),
        /** SHA-256 of each file's bytes */
        digests: v.object({ metadata: Digest, common: Digest, location: Digest }),
      }),
    ),
    v.maxLength(LIMITS.resources),
  ),
});
export type VaultManifest = v.InferOutput<typeof VaultManifest>;

const PrivateP256 = v.strictObject({ ...P256Jwk.entries, d: v.string() });
export const DeviceKeyFile = v.object({ v: v.literal(1), sign: PrivateP256, enc: PrivateP256 });

/** Highest signed time seen: the clock can look wrong, the leases' times cannot go back. */
export const ClockMark = v.object({ highest: Seconds });

/** `config.json` of the native host, owner-only, written by `holdfast-host install`. */
export const HostConfig = v.object({
  v: v.literal(1),
  /** Workspaces that may use this host, and the pin of their root: SHA-256 of the first root bundle's payload */
  workspaces: v.pipe(v.array(v.object({ url: Origin, name: Name, rootPin: v.optional(Digest) })), v.maxLength(32)),
  /** extension ids that may start it */
  extensions: v.pipe(v.array(v.string()), v.maxLength(16)),
  /** absolute paths, where the built-in search is not wanted */
  viewers: v.optional(
    v.object({ ssh: v.optional(v.string()), vnc: v.optional(v.string()), rdp: v.optional(v.string()), terminal: v.optional(v.string()) }),
    {},
  ),
});
export type HostConfig = v.InferOutput<typeof HostConfig>;
