/**
 * Native host and session process: lines of JSON over the child's stdin and stdout. Secrets come this way, never as arguments.
 * A session process outlives its host: after `open` the end of its stdin has no meaning.
 */
import * as v from 'valibot';
import { Meeting } from './channel.ts';
import { WireError } from './errors.ts';
import { RunningSession } from './host.ts';
import { Endpoint, LeasedResource } from './lease.ts';
import { LIMITS } from './limits.ts';
import { Compact, CorrelationId, Id, LaunchMode, Origin, RevocationToken, Seconds, SessionProtocol, Subject } from './primitives.ts';
import { SignedRootBundle } from './trust.ts';
import { HostConfig } from './vault.ts';

/** Native host to session process. */
export const ToSession = v.variant('type', [
  /** during the exchange: find the viewer, prepare its files */
  v.object({
    type: v.literal('prepare'),
    correlationId: CorrelationId,
    protocol: SessionProtocol,
    /** the session's own owner-only folder: absolute, empty */
    folder: v.pipe(v.string(), v.maxLength(1_000)),
    viewers: HostConfig.entries.viewers,
  }),
  v.object({
    type: v.literal('open'),
    /** names the device key that the grant is bound to */
    workspace: Origin,
    subject: Subject,
    resource: LeasedResource,
    mode: LaunchMode,
    grant: Compact,
    statement: Compact,
    sessionHost: Id,
    location: Id,
    meeting: Meeting,
    /** for a rendezvous: its gateway */
    gateway: v.optional(Endpoint),
    /** the host's time: it knows signed times that this process does not */
    now: Seconds,
    trust: v.object({ rootBundle: SignedRootBundle, revocations: v.optional(RevocationToken) }),
  }),
  /** start the viewer again on the connection that waits for it */
  v.object({ type: v.literal('reopen') }),
  /** end everything and clean up */
  v.object({ type: v.literal('stop') }),
]);
export type ToSession = v.InferOutput<typeof ToSession>;
export type OpenOrder = Extract<ToSession, { type: 'open' }>;
export type PrepareOrder = Extract<ToSession, { type: 'prepare' }>;

/** Session process to native host. */
export const FromSession = v.variant('type', [
  /** the viewer was started; its name */
  v.object({ type: v.literal('opening'), viewer: v.string() }),
  /** the viewer waits for the person; its name */
  v.object({ type: v.literal('asking'), viewer: v.string() }),
  v.object({ type: v.literal('unmet'), error: WireError }),
  /** trying again is of no use: no viewer is installed, or the session server or the person said no */
  v.object({ type: v.literal('hopeless'), error: WireError }),
  /** the viewer ended before it connected */
  v.object({ type: v.literal('viewerFailed'), error: WireError }),
  /** the desktop or the shell is there */
  v.object({ type: v.literal('running'), session: RunningSession }),
  v.object({ type: v.literal('over'), error: v.optional(WireError) }),
]);
export type FromSession = v.InferOutput<typeof FromSession>;

/** The longest line: an order to open, with the revocation list. */
export const SESSION_LINE_BYTES = LIMITS.revocationListBytes + 4 * LIMITS.rootBundleBytes;
