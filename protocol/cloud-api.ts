/**
 * Calls between services over HTTPS with pinned, mutual TLS. The caller's role is checked before the body is read.
 * One declaration per call: callers, request, reply. All are POST with JSON unless stated otherwise.
 */
import * as v from 'valibot';
import { Granted, Registration } from './channel.ts';
import { FeedResource } from './feed.ts';
import { P256Jwk } from './jose.ts';
import { LeasedResource, Signed } from './lease.ts';
import { LIMITS } from './limits.ts';
import { GroupName, PersonName } from './names.ts';
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
  Seconds,
  Subject,
  User,
} from './primitives.ts';
import { SiteDocument } from './site-document.ts';
import { EnrolmentReply, EnrolmentRequest, News, RenewalRequest, Revocation, RevokedTarget, Role, TrustDirectory } from './trust.ts';

/** The device for which leases are made. */
export const Device = v.object({ jkt: Digest, enc: P256Jwk });
export type Device = v.InferOutput<typeof Device>;

/** Number and digest: a database that was restored may number another document alike. */
export const SiteVersion = v.object({ version: Count, digest: Digest });
export type SiteVersion = v.InferOutput<typeof SiteVersion>;

/** A name that somebody was seen with, which an administrator may block. Who is in which group and whose a device is, is not said. */
export const SeenName = v.variant('kind', [
  /** `upn`: absent where the provider gives none */
  v.object({ kind: v.literal('user'), subject: Subject, upn: v.optional(PersonName) }),
  v.object({ kind: v.literal('group'), group: GroupName }),
  v.object({ kind: v.literal('device'), jkt: Digest }),
]);
export type SeenName = v.InferOutput<typeof SeenName>;

/** A list and every root bundle, with a little more: what enrolment and renewal answer with. */
const TRUST_BYTES = LIMITS.revocationListBytes + (LIMITS.earlierBundles + 1) * LIMITS.rootBundleBytes + LIMITS.replyBytes;

/**
 * Every call, by name. `callers`: the roles whose statements are accepted; empty: the call itself checks its caller. `replyBytes`: of the
 * reply, where `LIMITS.replyBytes` are too few.
 */
export const CLOUD = {
  /** broker: what may this person see? */
  enumerate: {
    service: 'broker',
    path: '/v1/enumerations',
    callers: ['workspace'],
    request: v.object({ user: User }),
    reply: v.object({
      /** the feed that these are in */
      feed: Id,
      name: Name,
      resources: v.pipe(v.array(FeedResource), v.maxLength(LIMITS.resources)),
      /** id -> name of a built-in icon; the Workspace makes paths of them */
      icons: v.optional(v.record(Id, Id)),
    }),
    replyBytes: LIMITS.feedBytes,
  },
  /** broker: may this person open it, and which connector redeems the ticket? */
  admit: {
    service: 'broker',
    path: '/v1/admissions',
    callers: ['workspace'],
    request: v.object({ user: User, resource: ResourceRef }),
    /** `locator`: how a device reaches `location`, for its launch file */
    reply: v.object({ resource: LeasedResource, deliveryGroup: Id, location: Id, redeemer: Id, locator: Signed }),
  },
  /** broker: choose a session host and sign the grant */
  broker: {
    service: 'broker',
    path: '/v1/brokerings',
    callers: ['connector'],
    request: v.object({
      user: User,
      jkt: Digest,
      resource: ResourceRef,
      location: Id,
      mode: LaunchMode,
      lease: v.optional(Nonce),
      authorizedAt: Seconds,
      correlationId: CorrelationId,
    }),
    reply: v.omit(Granted, ['meeting']),
  },
  /**
   * broker: the caller's part of the site document: of the Workspace `PortalSettings`, of the lease issuer `AccessRules`, of a connector
   * that its location names those of the location alone; absent when the caller has the newest, or a newer one.
   * With `wait` the answer to a caller who has the newest one comes with the next, or after `TIMES.siteWaitSeconds`.
   */
  siteDocument: {
    service: 'broker',
    path: '/v1/site-document',
    callers: ['workspace', 'lease-issuer', 'connector'],
    request: v.object({ have: v.optional(SiteVersion), wait: v.boolean() }),
    reply: v.object({ ...SiteVersion.entries, document: v.optional(v.unknown()) }),
    replyBytes: LIMITS.leaseSyncBytes,
  },
  /** broker: session hosts as reported by their connector */
  reportSessionHosts: {
    service: 'broker',
    path: '/v1/session-hosts',
    callers: ['connector'],
    request: v.object({ location: Id, connector: Id, sessionHosts: v.pipe(v.array(Registration), v.maxLength(2_000)) }),
    reply: v.object({}),
  },
  /** tickets */
  issueTicket: {
    service: 'tickets',
    path: '/v1/tickets',
    callers: ['workspace'],
    request: v.object({
      user: User,
      jkt: Digest,
      resource: LeasedResource,
      deliveryGroup: Id,
      location: Id,
      redeemer: Id,
      correlationId: CorrelationId,
    }),
    reply: v.object({ ticket: Compact, statement: Compact }),
  },
  /** lease issuer: queue a sync; the reply streams `LeaseSyncLine` as NDJSON. `answers`: SHA-256 of the proof in the device's request */
  issueLeases: {
    service: 'lease-issuer',
    path: '/v1/lease-jobs',
    callers: ['workspace'],
    request: v.object({ user: User, workspace: Origin, device: Device, answers: Digest, correlationId: CorrelationId }),
    reply: v.unknown(),
  },
  /** root of trust: enrol with a join token; the caller has no statement yet */
  enrol: {
    service: 'root-of-trust',
    path: '/v1/enrolments',
    callers: [],
    request: EnrolmentRequest,
    reply: EnrolmentReply,
    replyBytes: TRUST_BYTES,
  },
  /** root of trust: a new statement for a component that proves its key, and for the new one when it has new keys */
  renew: {
    service: 'root-of-trust',
    path: '/v1/statements',
    callers: [],
    request: RenewalRequest,
    reply: EnrolmentReply,
    replyBytes: TRUST_BYTES,
  },
  /**
   * root of trust: what a component holds and the root's last answer was older than. The root verifies that it signed that, takes it
   * in and goes on from there: its database or folder was restored from a backup.
   */
  report: { service: 'root-of-trust', path: '/v1/reports', callers: [], request: News, reply: v.object({}) },
  /** root of trust: names that were seen since the last such message, so that a block of a name that nobody has is noticed */
  tellNames: {
    service: 'root-of-trust',
    path: '/v1/names',
    callers: ['workspace'],
    request: v.object({ names: v.pipe(v.array(SeenName), v.maxLength(LIMITS.seenNames)) }),
    reply: v.object({}),
  },
  /**
   * root of trust: all public data; no caller check. With `listVersion` the response to an enrolled component (by the TLS key of its
   * connection) waits, up to `TIMES.trustWaitSeconds`, for a block or removal newer than this version: revocations are pushed, and
   * an idle wait is the poll. One wait a component: a newer one ends the older. Everybody else is answered at once. `now`: the component's own
   * clock, by which the root of trust judges its own before it forgets a block.
   */
  trust: {
    service: 'root-of-trust',
    path: '/v1/trust',
    callers: [],
    request: v.object({ listVersion: v.optional(Count), now: v.optional(Seconds) }),
    reply: TrustDirectory,
    // With the statements of all components.
    replyBytes: LIMITS.leaseSyncBytes,
  },
} as const;

/**
 * Administration of the root of trust (bearer token of the administrator, not mutual TLS):
 * `GET /v1/admin/blocks`, `POST /v1/admin/blocks`, `DELETE /v1/admin/blocks/:id`, `POST /v1/admin/join-tokens`.
 */
const [, ...TARGETS_AS_LISTED] = RevokedTarget.options;
/** A person is named by subject, or by the user principal name that they were last seen with; all else as in the list. */
export const BlockTarget = v.variant('kind', [v.strictObject({ kind: v.literal('user'), user: PersonName }), ...TARGETS_AS_LISTED]);
export type BlockTarget = v.InferOutput<typeof BlockTarget>;
/** A target that nobody was seen with is `not_found`, unless it is to be blocked `anyway`. Of leases nobody keeps a list. */
export const BlockRequest = v.object({
  target: BlockTarget,
  days: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(365)),
  anyway: v.optional(v.boolean(), false),
});
/** An entry's id, derived from its content, so that it never changes. */
export const BlockId = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/u));
/** `as`: a person's user principal name, a key's component; `seen`: last told by a Workspace, of a key: last stated */
export const Known = v.object({ as: v.optional(Name), seen: Seconds });
export type Known = v.InferOutput<typeof Known>;
/** `known` is absent where nobody was seen with the target. */
export const BlockEntry = v.strictObject({ id: BlockId, ...Revocation.entries, known: v.optional(Known) });
export type BlockEntry = v.InferOutput<typeof BlockEntry>;
export const BlockList = v.object({ version: Count, entries: v.array(BlockEntry) });
/** The list with what the request has `added`: an entry for each person who was seen under the name. */
export const BlockReply = v.object({ ...BlockList.entries, added: v.array(BlockId) });
/** `location` for connectors and session hosts; the token lasts `minutes` and enrols one component once. */
export const JoinTokenRequest = v.object({
  role: Role,
  id: Id,
  location: v.optional(Id),
  minutes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_440)), 60),
});
/**
 * `GET /v1/admin/components`: every component, and each of its keys that a statement still vouches for or did until it was withdrawn.
 * `DELETE /v1/admin/components/:role/:id` removes one, `DELETE /v1/admin/components/:role/:id/keys` withdraws its keys only.
 */
export const ComponentList = v.object({
  components: v.array(
    v.object({
      role: Role,
      id: Id,
      location: v.optional(Id),
      keys: v.array(
        v.object({
          /** thumbprint of the sign key */
          kid: Digest,
          /** `replaced`: by a newer one of the component itself; `withdrawn`: refused everywhere that the list has reached */
          state: v.picklist(['current', 'replaced', 'withdrawn']),
          /** how it came: with a join token, or in place of an earlier key */
          by: v.picklist(['enrolment', 'rotation']),
          since: Seconds,
          /** of its newest statement */
          statedAt: Seconds,
          ends: Seconds,
        }),
      ),
    }),
  ),
});
/** The token itself, shown once. */
export const JoinTokenReply = v.object({ joinToken: Compact, expires: Seconds });

/**
 * Administration of the broker (bearer token of `adminTokens`): `GET /v1/admin/site` (`?version=N`) answers with `SiteExport`,
 * `PUT /v1/admin/site` takes `SiteImport` and answers with `SiteChange`, `GET /v1/admin/site/history` with `SiteHistory`.
 */
export const SiteChange = v.object({ ...SiteVersion.entries, at: Millis, /** name of the token */ by: Name });
export type SiteChange = v.InferOutput<typeof SiteChange>;
export const SiteExport = v.object({ ...SiteChange.entries, document: SiteDocument });
/** newest first */
export const SiteHistory = v.object({ changes: v.array(SiteChange) });
/** `text`: YAML or JSON; `expect`: the version that it replaces, 0 for none (`conflict` when another is the newest) */
export const SiteImport = v.object({ expect: Count, text: v.pipe(v.string(), v.maxLength(LIMITS.configBytes)) });
