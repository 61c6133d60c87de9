/**
 * The channel: TLS 1.3 between two parts that work without the cloud. Used between a device and a gateway, a connector or
 * a session host, and as a standing control channel between session host, connector and gateway.
 *
 * A frame is a 4-byte big-endian length and that many bytes of JSON (UTF-8). The server speaks first (`hello`), the client
 * answers with one `present` or closes, the server ends the exchange with `grant`, `reached`, `attached`, `ready` or `refusal`.
 * ALPN tells the three uses apart before the first frame: see `ALPN`.
 */
import * as v from 'valibot';
import { WireError } from './errors.ts';
import { P256Jwk } from './jose.ts';
import { Endpoint, LeaseFiles } from './lease.ts';
import { LIMITS } from './limits.ts';
import {
  Address,
  Compact,
  CorrelationId,
  Count,
  Digest,
  Id,
  LaunchMode,
  Name,
  Nonce,
  ResourceRef,
  Seconds,
  SessionProtocol,
  Subject,
} from './primitives.ts';
import { News } from './trust.ts';

/** Application protocols (ALPN) of the TLS connections. */
export const ALPN = {
  /** device with gateway, connector or session host; session host or connector with its control peer */
  exchange: 'holdfast/1',
  /** session host with gateway: after `ready` both ends step down to raw bytes */
  rendezvous: 'holdfast-rendezvous/1',
} as const;

/** TLS server name that a device uses to be joined with the session host waiting under this id. */
export function rendezvousName(id: string): string {
  return `${id}.rendezvous.holdfast`;
}
/** 32 hexadecimal digits: a rendezvous id must fit a DNS label and survive lower-casing. */
export const RendezvousId = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/u));

/** S -> C, first frame. */
export const Hello = v.object({
  type: v.literal('hello'),
  v: Count,
  /** this server's trust statement */
  statement: Compact,
  nonce: Nonce,
  /** the server's clock */
  now: Seconds,
  /** versions that it holds; 0 = none */
  rootVersion: Count,
  listVersion: Count,
});
export type Hello = v.InferOutput<typeof Hello>;

/** Both ways: the sender's versions, and what the receiver lacks. */
const Versions = { rootVersion: Count, listVersion: Count, news: v.optional(News) };

/** C -> S: redeem a lease. */
export const PresentLease = v.object({
  type: v.literal('present'),
  op: v.literal('launch'),
  mode: v.literal('lease'),
  correlationId: CorrelationId,
  key: P256Jwk,
  proof: Compact,
  lease: LeaseFiles,
  /** the location that the device wants this server to serve */
  location: Id,
  ...Versions,
});
/** C -> S at a gateway or connector: which of this lease's locations answer it now? Only the lease's own device is told. */
export const PresentReach = v.object({
  type: v.literal('present'),
  op: v.literal('reach'),
  correlationId: CorrelationId,
  key: P256Jwk,
  proof: Compact,
  lease: LeaseFiles,
  ...Versions,
});
/** C -> S: redeem a launch ticket. */
export const PresentTicket = v.object({
  type: v.literal('present'),
  op: v.literal('launch'),
  mode: v.literal('ticket'),
  correlationId: CorrelationId,
  key: P256Jwk,
  proof: Compact,
  ticket: Compact,
  /** the ticket service's trust statement */
  statement: Compact,
  location: Id,
  ...Versions,
});
/** C -> S at a session host: open the session that a grant names. */
export const PresentGrant = v.object({
  type: v.literal('present'),
  op: v.literal('attach'),
  correlationId: CorrelationId,
  key: P256Jwk,
  proof: Compact,
  grant: Compact,
  /** trust statement of the broker or connector that signed the grant */
  statement: Compact,
  /** an OpenSSH public key (one line) made for this session, for session hosts that sign on by certificate */
  sshKey: v.optional(v.pipe(v.string(), v.maxLength(800), v.regex(/^(?:ssh-ed25519|ecdsa-sha2-nistp256) [A-Za-z0-9+/=]+$/u))),
  ...Versions,
});
/** C -> S by a component: a standing control channel (`control`) or one leg of a rendezvous. */
export const PresentComponent = v.object({
  type: v.literal('present'),
  op: v.picklist(['control', 'rendezvous']),
  statement: Compact,
  proof: Compact,
  /** with op `rendezvous` */
  rendezvous: v.optional(RendezvousId),
  ...Versions,
});
/** C -> S, the one frame after the hello. */
export const Present = v.union([PresentLease, PresentTicket, PresentReach, PresentGrant, PresentComponent]);
export type PresentLease = v.InferOutput<typeof PresentLease>;
export type PresentTicket = v.InferOutput<typeof PresentTicket>;
export type PresentReach = v.InferOutput<typeof PresentReach>;
export type PresentGrant = v.InferOutput<typeof PresentGrant>;
export type PresentComponent = v.InferOutput<typeof PresentComponent>;
export type Present = v.InferOutput<typeof Present>;

/** Where the device meets its session host. */
export const Meeting = v.variant('route', [
  v.object({ route: v.literal('direct'), address: Address }),
  /** at the gateway that it just used, under `rendezvousName(id)` */
  v.object({ route: v.literal('rendezvous'), id: RendezvousId }),
]);
export type Meeting = v.InferOutput<typeof Meeting>;

/** The result of brokering: everything the device needs for the session host. */
export const Granted = v.object({
  grant: Compact,
  /** trust statement of the signer */
  statement: Compact,
  sessionHost: Id,
  meeting: Meeting,
});
export type Granted = v.InferOutput<typeof Granted>;

/** What a location's connector says to the device of a lease. */
const LocationState = v.object({
  /** session hosts there that answer it; 0: nothing opens there */
  sessionHosts: Count,
  /** what a launch by this very lease would be refused with; absent: it would open */
  refusal: v.optional(WireError),
});
/** The same, of one location of the lease. */
export const LocationAnswer = v.object({ location: Id, ...LocationState.entries });
export type LocationAnswer = v.InferOutput<typeof LocationAnswer>;

/** S -> C: those of the lease's locations that answered just now; the connection ends. */
const ReachedFrame = v.object({
  type: v.literal('reached'),
  locations: v.pipe(v.array(LocationAnswer), v.maxLength(32)),
  news: v.optional(News),
});
/** S -> C: the launch is brokered; the connection ends. */
const GrantFrame = v.object({ type: v.literal('grant'), ...Granted.entries, news: v.optional(News) });
/** S -> C: the refusal; the connection ends. `retryable`: another server, or this one later, may answer differently. */
const RefusalFrame = v.object({ type: v.literal('refusal'), error: WireError, retryable: v.boolean(), news: v.optional(News) });
/** S -> C: the component is authenticated; its `op` begins. */
const ReadyFrame = v.object({ type: v.literal('ready'), news: v.optional(News) });
/**
 * On a rendezvous leg after `ready`, first by the session host, then by the gateway: the sender's last frame inside TLS.
 * The session host then sends `RAW_READY` as the first raw byte; the gateway sends nothing before it has read that byte.
 */
export const StepDownFrame = v.object({ type: v.literal('step-down') });
export const RAW_READY = 0x01;
/** S -> C by a session host; raw session bytes follow at once, both ways. */
export const AttachedFrame = v.object({
  type: v.literal('attached'),
  session: Nonce,
  protocol: SessionProtocol,
  /** how the viewer verifies and signs on to the server behind the agent; absent values: ask the person */
  signOn: v.object({
    user: v.optional(Name),
    password: v.optional(v.pipe(v.string(), v.maxLength(256))),
    /** an OpenSSH certificate (one line) for `sshKey` */
    sshCertificate: v.optional(v.pipe(v.string(), v.maxLength(4_000))),
    /** SSH host key as `type base64` */
    sshHostKey: v.optional(v.pipe(v.string(), v.maxLength(2_000))),
    /** SHA-256 of the RDP server's certificate, lower-case hex */
    rdpFingerprint: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u))),
    /** RDP: the server signs on by Network Level Authentication only: the viewer asks before there is a desktop */
    nla: v.optional(v.boolean()),
    /** VNC: the server takes TLS connections (VeNCrypt) only */
    tls: v.optional(v.boolean()),
  }),
  news: v.optional(News),
});
export type AttachedFrame = v.InferOutput<typeof AttachedFrame>;
/** S -> C, the one answer to a present. */
export const ServerAnswer = v.variant('type', [GrantFrame, ReachedFrame, RefusalFrame, ReadyFrame, AttachedFrame]);
export type ServerAnswer = v.InferOutput<typeof ServerAnswer>;

/** On a standing control channel: numbered requests and replies, both ways. */
export const ControlFrame = v.variant('type', [
  v.object({ type: v.literal('request'), id: Count, method: v.pipe(v.string(), v.maxLength(40)), params: v.unknown() }),
  v.object({ type: v.literal('reply'), id: Count, result: v.optional(v.unknown()), error: v.optional(WireError) }),
]);
export type ControlFrame = v.InferOutput<typeof ControlFrame>;

/** A session running on a session host, as it reports it. */
export const HostSession = v.object({
  session: Nonce,
  subject: Subject,
  user: Name,
  resource: ResourceRef,
  mode: LaunchMode,
  since: Seconds,
  attached: v.boolean(),
});
export type HostSession = v.InferOutput<typeof HostSession>;

/**
 * A session host's registration, repeated on every change and at least every 5 minutes. Its location and delivery group are not
 * in it: the site document says them.
 */
export const Registration = v.object({
  id: Id,
  address: Address,
  protocols: v.pipe(v.array(SessionProtocol), v.maxLength(3)),
  /** may be more than the configured limit: brokers that can't see each other exceed it */
  sessions: v.pipe(v.array(HostSession), v.maxLength(2 * LIMITS.hostSessions)),
  maxSessions: Count,
});
export type Registration = v.InferOutput<typeof Registration>;

/** Control requests: one declaration each, `params` in, `result` out. The key is the method's name on the wire. */
export const CONTROL = {
  /** either side: is the other alive? */
  ping: { params: v.object({}), result: v.object({ now: Seconds }) },
  /** either side: here is something newer */
  news: { params: News, result: v.object({}) },
  /**
   * gateway -> connector: broker this launch. Possession was proven to the gateway; the session host will ask for it again. They meet at
   * the gateway's address in the site document, by which the connector reached it.
   */
  launch: {
    params: v.object({
      request: v.union([v.omit(PresentLease, ['proof']), v.omit(PresentTicket, ['proof'])]),
      jkt: Digest,
      rendezvous: RendezvousId,
    }),
    result: Granted,
  },
  /** gateway -> connector: what does the location say to the device of this lease? Possession was proven to the gateway. */
  reach: { params: v.object({ lease: LeaseFiles, jkt: Digest }), result: LocationState },
  /** connector -> session host: connect to that gateway and wait there */
  meet: {
    params: v.object({ gateway: Endpoint, rendezvous: RendezvousId, correlationId: CorrelationId }),
    result: v.object({}),
  },
  /** session host -> connector */
  register: { params: Registration, result: v.object({ heartbeatSeconds: Seconds }) },
} as const;

/** The length prefix of a frame, big-endian, and its maximum. */
export const FRAME_HEADER_BYTES = 4;
export const MAX_FRAME_BYTES = LIMITS.channelFrameBytes;
