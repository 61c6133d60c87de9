/**
 * Extension and native host. A native message is a 4-byte native-endian length and JSON, at most 256 KiB both ways.
 * One typed request/reply protocol; replies are matched by `id`; events carry no id. Version `VERSION.host`, N-1 understood.
 * The host takes every address, protocol and argument from signed data. `workspace` is filled in by the extension from the
 * browser's own word for the sender's origin, never from what the page says. `subject` is whom the page believes to be bound: a request for
 * anybody else is refused (`not_signed_in`, `not-bound`).
 */
import * as v from 'valibot';
import { Cause } from './causes.ts';
import { WireError } from './errors.ts';
import { P256Jwk } from './jose.ts';
import { LaunchFile, Signed } from './lease.ts';
import { LIMITS } from './limits.ts';
import {
  Compact,
  CorrelationId,
  Count,
  Digest,
  Id,
  LaunchMode,
  Millis,
  Name,
  Nonce,
  Origin,
  ResourceRef,
  Route,
  Seconds,
  SessionProtocol,
  Subject,
} from './primitives.ts';

/** `valid` may be opened; anything else says why not, with its B-N7 code. */
export const LeaseState = v.object({
  lease: v.optional(Nonce),
  resource: ResourceRef,
  name: Name,
  kind: v.picklist(['app', 'desktop']),
  protocol: SessionProtocol,
  state: v.picklist(['valid', 'expired', 'invalid', 'denied']),
  /** 3002, 3006, 3007, 3022 ... for every state but `valid` */
  code: v.optional(Count),
  iat: Seconds,
  exp: Seconds,
  /** ids of its locations, in order */
  locations: v.array(Id),
});
export type LeaseState = v.InferOutput<typeof LeaseState>;

/** What the background check found for one location. */
export const Reachability = v.object({
  location: Id,
  name: Name,
  state: v.picklist(['unchecked', 'reachable', 'unreachable']),
  route: v.optional(Route),
  roundTripMs: v.optional(Count),
  checkedAt: v.optional(Millis),
  /** with `unreachable`: what each way in failed with; none where there is no way in */
  causes: v.optional(v.pipe(v.array(v.fallback(Cause, 'unreachable')), v.maxLength(20))),
});
export type Reachability = v.InferOutput<typeof Reachability>;

/** A launch that a location refused, until a newer answer to its lease. */
export const Refusal = v.object({
  resource: ResourceRef,
  location: Id,
  /** of the location */
  name: Name,
  error: WireError,
  /** when it was last said */
  at: Millis,
});
export type Refusal = v.InferOutput<typeof Refusal>;

/** Last lease sync (B-N4): what went wrong rides in `error`. */
export const SyncStatus = v.object({
  state: v.picklist(['never', 'running', 'succeeded', 'failed']),
  lastContact: v.optional(Millis),
  lastSuccess: v.optional(Millis),
  done: v.optional(Count),
  total: v.optional(Count),
  error: v.optional(WireError),
});
export type SyncStatus = v.InferOutput<typeof SyncStatus>;

/** Whether a launch can write its key and record on this device. */
export const DiskState = v.picklist(['writable', 'full', 'unwritable']);
export type DiskState = v.InferOutput<typeof DiskState>;

/** A viewer that the host looked for. */
export const Viewer = v.object({
  protocol: SessionProtocol,
  name: Name,
  path: v.optional(v.string()),
  found: v.boolean(),
});
export type Viewer = v.InferOutput<typeof Viewer>;

/** Phases of a launch, in the words of `state-machines.md`. */
export const LaunchPhase = v.picklist(['finding', 'checking', 'choosing', 'redeeming', 'opening', 'running', 'ended']);
export type LaunchPhase = v.InferOutput<typeof LaunchPhase>;

/** A session of this device, as the connection center shows it. */
export const RunningSession = v.object({
  session: Nonce,
  resource: ResourceRef,
  name: Name,
  protocol: SessionProtocol,
  sessionHost: Id,
  location: Id,
  route: Route,
  gateway: v.optional(Id),
  mode: LaunchMode,
  since: Millis,
  viewer: Name,
  correlationId: CorrelationId,
});
export type RunningSession = v.InferOutput<typeof RunningSession>;

const Workspace = { workspace: Origin };
const Owner = { workspace: Origin, subject: Subject };

/** One declaration a request: `request` from the extension, `reply` from the host. The key is the wire's `type`. */
export const HOST = {
  /** first message; answered before anything else is loaded */
  hello: {
    request: v.object({
      extension: v.pipe(v.string(), v.maxLength(40)),
      v: Count,
      /** the browser profile that the extension runs in, by a random name of its own */
      profile: Nonce,
    }),
    reply: v.object({ host: v.string(), v: Count, workspaces: v.array(v.object({ url: Origin, name: Name })) }),
  },
  /** for a page token: used once, within a minute */
  challenge: { request: v.object(Workspace), reply: v.object({ challenge: Nonce }) },
  /** binds this Workspace's pages in this browser profile to the person of the page token; the former one is bound no more */
  bind: { request: v.object({ ...Workspace, ...Signed.entries }), reply: v.object({ subject: Subject }) },
  /** what the popup shows: leases counted, viewers, last sync, the Workspace's key for its health document */
  status: {
    request: v.object(Workspace),
    reply: v.object({
      subject: v.optional(Subject),
      userName: v.optional(Name),
      /** `opens`: how many open now, as the portal counts them */
      leases: v.object({ valid: Count, ended: Count, resources: Count, opens: v.optional(Count) }),
      sync: SyncStatus,
      viewers: v.array(Viewer),
      clockLooksWrong: v.boolean(),
      /** compact JWS: the Workspace's trust statement; its sign key signs the health document */
      workspaceStatement: v.optional(Compact),
    }),
  },
  /** public keys for this user on this device and the proof for `DeviceRequest`; makes keys where there are none */
  describeDevice: {
    request: v.object({ ...Owner, nonce: Nonce }),
    reply: v.object({ sign: P256Jwk, enc: P256Jwk, claimsHardware: v.boolean(), jkt: Digest, proof: Compact }),
  },
  /** fetch leases with the Workspace's device token; progress comes as `sync` events; at most once a day unless `force` */
  sync: {
    request: v.object({ ...Owner, userName: Name, token: Compact, force: v.optional(v.boolean(), false) }),
    reply: v.object({ started: v.boolean(), status: SyncStatus }),
  },
  /** one page of leases; starts the background reachability check, which answers by `reachability` events */
  leases: {
    request: v.object({ ...Owner, offset: v.optional(Count, 0) }),
    reply: v.object({
      items: v.pipe(v.array(LeaseState), v.maxLength(LIMITS.leasesPerPage)),
      next: v.optional(Count),
      reachability: v.array(Reachability),
      refusals: v.array(Refusal),
      sync: SyncStatus,
      /** on the first page */
      disk: v.optional(DiskState),
    }),
  },
  /** open a resource: by ticket when `launchFile` is there, by lease when it is not or fails (B-N5); phases come as `launch` events */
  launch: {
    request: v.object({ ...Owner, resource: ResourceRef, correlationId: CorrelationId, launchFile: v.optional(LaunchFile) }),
    reply: v.object({ accepted: v.literal(true) }),
  },
  cancel: { request: v.object({ ...Owner, correlationId: CorrelationId }), reply: v.object({ cancelled: v.boolean() }) },
  sessions: { request: v.object(Owner), reply: v.object({ sessions: v.pipe(v.array(RunningSession), v.maxLength(200)) }) },
  /** the person's own sign-out: leases are deleted where the site's setting, signed with them, says so */
  signOut: { request: v.object(Owner), reply: v.object({ deleted: Count }) },
  /**
   * newest log lines first to last, without secrets; `next` = offset of the older page. With `workspace`, for a page of it: only the lines of
   * its bound person's launches and syncs
   */
  logs: {
    request: v.object({ offset: v.optional(Count, 0), workspace: v.optional(Origin) }),
    reply: v.object({ lines: v.array(v.string()), next: v.optional(Count) }),
  },
} as const;
export type HostRequestType = keyof typeof HOST;

/** Without being asked; only of the person who is bound. */
export const HostEvent = v.variant('event', [
  v.object({
    event: v.literal('launch'),
    workspace: Origin,
    subject: Subject,
    resource: ResourceRef,
    correlationId: CorrelationId,
    phase: LaunchPhase,
    mode: LaunchMode,
    /** "Zurich, direct", the viewer's name, ... */
    detail: v.optional(v.pipe(v.string(), v.maxLength(300))),
    /** with phase `opening`: nothing goes on until the person has answered their viewer, with a password, say */
    asks: v.optional(v.boolean()),
    /** with phase `running` */
    session: v.optional(RunningSession),
    /** with phase `ended`: absent = ended well */
    error: v.optional(WireError),
  }),
  v.object({ event: v.literal('sync'), workspace: Origin, subject: Subject, status: SyncStatus }),
  /** `reachability`: what was found anew; `refusals`: all that stand */
  v.object({
    event: v.literal('reachability'),
    workspace: Origin,
    subject: Subject,
    reachability: v.array(Reachability),
    refusals: v.array(Refusal),
  }),
]);
export type HostEvent = v.InferOutput<typeof HostEvent>;
export type LaunchEvent = Extract<HostEvent, { event: 'launch' }>;

/** Envelope, extension to host. `body` is parsed with `HOST[type].request`. */
export const HostRequest = v.object({ v: Count, id: Count, type: v.picklist(Object.keys(HOST) as HostRequestType[]), body: v.unknown() });
export type HostRequest = v.InferOutput<typeof HostRequest>;
/** Envelope, host to extension. */
export const HostMessage = v.union([
  v.object({ v: Count, id: Count, body: v.unknown() }),
  v.object({ v: Count, id: Count, error: WireError }),
  HostEvent,
]);
export type HostMessage = v.InferOutput<typeof HostMessage>;

/** Name of the native messaging host: the file name of its manifests and the name in `connectNative`. */
export const NATIVE_HOST_NAME = 'org.holdfast.host';
