/**
 * What the native host keeps on disk, owner-only. Below its folder, for each Workspace and user:
 *   <hash of Workspace and subject>/manifest.json      the commit point: only what it names exists
 *   <hash of Workspace and subject>/leases/<digest>    lease files by content hash; three names a resource
 *   <hash of Workspace and subject>/device.json        private keys, where no token or keystore holds them
 *   <hash of Workspace and subject>/sync.json          how the last lease sync went (`SyncStatus`)
 * and beside them:
 *   trust/<hash of Workspace>.json                     what is known of the Workspace's root of trust (`TrustFile`)
 *   sessions/<session>.json                        sessions that run (`SessionFile`)
 *   people.json                                    who is bound to which Workspace (`PeopleFile`)
 */
import * as v from 'valibot';
import { RunningSession } from './host.ts';
import { P256PrivateJwk } from './jose.ts';
import { LIMITS, VERSION } from './limits.ts';
import { Compact, Count, Digest, Millis, Name, Nonce, Origin, ResourceRef, RevocationToken, Seconds, Subject } from './primitives.ts';
import { SignedRootBundle } from './trust.ts';

/** The leases of one Workspace and user: only files that it names exist. */
export const VaultManifest = v.object({
  v: v.literal(VERSION.lease),
  workspace: Origin,
  subject: Subject,
  userName: Name,
  generation: Count,
  syncedAt: Millis,
  rootBundle: SignedRootBundle,
  revocations: RevocationToken,
  workspaceStatement: Compact,
  /** as the issuer signed it: the person's sign-out deletes the leases */
  deleteOnSignOut: v.boolean(),
  leases: v.pipe(
    v.array(
      v.object({
        lease: Nonce,
        resource: ResourceRef,
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

/** A device's two keys for one Workspace and user, unless a token or keystore holds them. */
export const DeviceKeyFile = v.object({ v: v.literal(1), sign: P256PrivateJwk, enc: P256PrivateJwk });
export type DeviceKeyFile = v.InferOutput<typeof DeviceKeyFile>;

/** The root of trust as last heard for one Workspace: pinned once, then only newer ones, one version at a time. */
export const TrustFile = v.object({
  v: v.literal(1),
  workspace: Origin,
  rootBundle: SignedRootBundle,
  /** newer than the pinned one, oldest first */
  history: v.pipe(v.array(SignedRootBundle), v.maxLength(LIMITS.earlierBundles)),
  revocations: v.optional(RevocationToken),
  workspaceStatement: v.optional(Compact),
});
export type TrustFile = v.InferOutput<typeof TrustFile>;

/** Who is bound to which Workspace in which browser profile, the latest first. */
export const PeopleFile = v.object({
  v: v.literal(1),
  people: v.pipe(v.array(v.object({ profile: Nonce, workspace: Origin, subject: Subject, userName: Name })), v.maxLength(64)),
});
export type PeopleFile = v.InferOutput<typeof PeopleFile>;

/**
 * One process among all that may share this folder: an id comes back, on the same computer and on another. What the system does not tell is
 * empty.
 */
export const ProcessMark = v.object({
  pid: Count,
  /** kernel ticks from the computer's start to its own */
  started: v.string(),
  /** of this run of the computer */
  boot: v.string(),
  /** the computer's name */
  host: v.string(),
  /** the process namespace, in which alone the id means anything */
  space: v.string(),
  /** the computer itself, whatever its name: a digest of its id. Absent in earlier records; empty where the system tells none */
  computer: v.optional(v.string()),
});
export type ProcessMark = v.InferOutput<typeof ProcessMark>;

/** A session process and its session. */
export const SessionFile = v.object({
  v: v.literal(1),
  ...ProcessMark.entries,
  /** name of its own folder below `run/` */
  folder: v.pipe(v.string(), v.regex(/^[0-9a-f]{8}$/u)),
  workspace: Origin,
  subject: Subject,
  session: RunningSession,
});
export type SessionFile = v.InferOutput<typeof SessionFile>;

/** By Workspace, the signed times that detect a clock that was set back: the mark, and the last word of each of its two signers. */
export const ClockMarks = v.record(Origin, v.object({ highest: Seconds, list: Seconds, lease: Seconds }));
export type ClockMarks = v.InferOutput<typeof ClockMarks>;

/** `config.json` of the native host, owner-only, written by `holdfast-host install`. */
export const HostConfig = v.object({
  v: v.literal(1),
  /** Workspaces that may use this host */
  workspaces: v.pipe(
    v.array(
      v.object({
        url: Origin,
        name: Name,
        /** of its root: SHA-256 of a root bundle's payload. Absent, nothing is believed, unless the next says so. */
        rootPin: v.optional(Digest),
        /** somebody decided to take the root that the Workspace names at first */
        trustFirstRoot: v.optional(v.literal(true)),
      }),
    ),
    v.maxLength(32),
  ),
  /** absolute path: authorities that a Workspace's certificate may be from besides the system's, PEM */
  caFile: v.optional(v.string()),
  /** extension ids that may start it */
  extensions: v.pipe(v.array(v.string()), v.maxLength(16)),
  /** absolute paths, to override the built-in search */
  viewers: v.optional(
    v.object({ ssh: v.optional(v.string()), vnc: v.optional(v.string()), rdp: v.optional(v.string()), terminal: v.optional(v.string()) }),
    {},
  ),
});
export type HostConfig = v.InferOutput<typeof HostConfig>;
