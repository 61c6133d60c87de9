/** Configuration files of the services: `holdfast serve <service> --config FILE` (YAML). Paths are relative to the file. */
import * as v from 'valibot';
import { Endpoint } from './lease.ts';
import { LIMITS } from './limits.ts';
import { GroupName, PersonId, PersonName } from './names.ts';
import { Address, Digest, Host, Id, Issuer, Name, Origin, PinnedUrl, Port, ReturnAddress } from './primitives.ts';
import { SessionServer } from './session-server.ts';

const File = v.pipe(v.string(), v.minLength(1), v.maxLength(4_096));
const Secret = v.union([v.strictObject({ value: v.pipe(v.string(), v.minLength(1)) }), v.strictObject({ file: File })]);

/** An administrator's token guards enrolment, so it must be too long to guess. `openssl rand -base64 32` makes one of 44 characters. */
export const ADMIN_TOKEN_LENGTH_MIN = 20;
const AdminToken = v.union([
  v.strictObject({ value: v.pipe(v.string(), v.minLength(ADMIN_TOKEN_LENGTH_MIN)) }),
  v.strictObject({ file: File }),
]);

/** What another system calls us, in its own way (RFC 6749, appendix A.1). */
const ClientId = v.pipe(v.string(), v.minLength(1), v.maxLength(1_000), v.regex(/^[\x20-\x7e]*$/u));

/** RFC 6749, 3.3. */
const Scope = v.pipe(v.string(), v.maxLength(200), v.regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/u));

/** A service's durable storage. */
export const Database = v.variant('kind', [
  v.strictObject({ kind: v.literal('sqlite'), file: File }),
  v.strictObject({ kind: v.literal('postgres'), url: Secret }),
]);
export type Database = v.InferOutput<typeof Database>;

/** The root of trust's address, and the two pins that come with a join token: no trust on first use. */
export const RootOfTrustRef = v.strictObject({
  url: PinnedUrl,
  /** SHA-256 of the SPKI of its TLS certificate */
  tlsPin: Digest,
  /** SHA-256 of the payload of a root bundle known to be genuine */
  rootPin: Digest,
});
export type RootOfTrustRef = v.InferOutput<typeof RootOfTrustRef>;

const Base = {
  id: Id,
  /** owner-only folder for keys, the trust file, caches and SQLite files */
  dataDir: File,
  listen: v.strictObject({ host: Host, port: Port }),
  /** /livez, /readyz, /metrics */
  management: v.strictObject({ host: Host, port: Port }),
  logLevel: v.optional(v.picklist(['debug', 'info', 'warn', 'error']), 'info'),
};
/**
 * How browsers reach a service that listens without TLS. `trustedProxies`: addresses or CIDR blocks of the proxies in front of it. Only theirs
 * are the `X-Forwarded-For`, `-Host` and `-Proto` that count; with an `https` `publicUrl` nobody else is served.
 */
const Front = {
  publicUrl: Origin,
  trustedProxies: v.optional(v.pipe(v.array(v.pipe(v.string(), v.regex(/^[0-9A-Fa-f:.]+(?:\/\d{1,3})?$/u))), v.maxLength(100)), []),
};

/** For every service but the root of trust itself. `join` is read once, at the first start. */
const Enrolled = { ...Base, rootOfTrust: RootOfTrustRef, join: v.optional(Secret) };

export const WorkspaceConfig = v.strictObject({
  ...Enrolled,
  ...Front,
  database: Database,
  /** folder of the built portal */
  portal: File,
  signIn: v.strictObject({
    issuer: Issuer,
    clientId: ClientId,
    clientSecret: Secret,
    /** how the client proves itself; absent: as the provider takes it, `client_secret_basic` first. Over plain HTTP it always signs. */
    clientAuthentication: v.optional(v.picklist(['client_secret_basic', 'client_secret_post', 'client_secret_jwt'])),
    /** what it is asked for, besides `openid`: on these depends which claims it gives, in the ID token or at its userinfo endpoint */
    scopes: v.optional(v.pipe(v.array(Scope), v.maxLength(50)), ['profile', 'email']),
    /**
     * which claims say how administrators name the person, and their groups: such as people cannot edit and the provider gives to nobody
     * else later; each by its name, or as a path into a claim (`realm_access.roles`). Without the first, people are entitled by their ids (`sub`) and groups only. `groups: false`: nobody is in any.
     * `absentGroups`: what it means that the claim is not there. Some leave it out of whoever is in no group; then it is `none`.
     */
    claims: v.optional(
      v.strictObject({
        upn: v.optional(Name, 'upn'),
        groups: v.optional(v.union([Name, v.literal(false)]), 'groups'),
        absentGroups: v.optional(v.picklist(['unknown', 'none'])),
      }),
      { upn: 'upn', groups: 'groups' },
    ),
    /** authorities whose certificates it may have besides the system's, PEM */
    caFile: v.optional(File),
    /** public JWKs, the only ones that may sign its ID tokens; absent: those that the provider publishes */
    keys: v.optional(v.pipe(v.array(v.looseObject({ kty: v.string(), kid: v.string() })), v.minLength(1), v.maxLength(16))),
  }),
  broker: PinnedUrl,
  tickets: PinnedUrl,
  leaseIssuer: PinnedUrl,
  /** devices that a person's access is saved to at most; each operating system account of theirs counts as one */
  devicesPerPerson: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 10),
});
export type WorkspaceConfig = v.InferOutput<typeof WorkspaceConfig>;

/** The embedded OpenID provider. `passwordHash`: `scrypt$N$r$p$salt$hash` in base64url, made by `holdfast admin hash-password`. */
export const IdentityConfig = v.strictObject({
  ...Base,
  ...Front,
  database: Database,
  /** JSON of a private P-256 JWK; absent: one is made and kept in the database */
  signingKey: v.optional(Secret),
  clients: v.pipe(v.array(v.strictObject({ id: ClientId, secret: Secret, redirectUris: v.array(ReturnAddress) })), v.minLength(1)),
  users: v.array(
    v.strictObject({
      /** stays when the name changes, and is nobody else's later; absent: the name */
      id: v.optional(PersonId),
      upn: PersonName,
      name: Name,
      passwordHash: v.string(),
      groups: v.array(GroupName),
    }),
  ),
});
export type IdentityConfig = v.InferOutput<typeof IdentityConfig>;

export const BrokerConfig = v.strictObject({
  ...Enrolled,
  database: Database,
  /** who may change the site document; the history names the token */
  adminTokens: v.pipe(v.array(v.strictObject({ name: Name, token: AdminToken })), v.minLength(1), v.maxLength(100)),
});
export type BrokerConfig = v.InferOutput<typeof BrokerConfig>;

export const TicketsConfig = v.strictObject({ ...Enrolled });
export type TicketsConfig = v.InferOutput<typeof TicketsConfig>;

export const LeaseIssuerConfig = v.strictObject({
  ...Enrolled,
  database: Database,
  broker: PinnedUrl,
  /** private JWK of an issuer key of the root bundle */
  issuerKey: File,
  workers: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64)), 1),
});
export type LeaseIssuerConfig = v.InferOutput<typeof LeaseIssuerConfig>;

export const RootOfTrustConfig = v.strictObject({
  ...Base,
  database: Database,
  publicUrl: PinnedUrl,
  adminToken: AdminToken,
  /** private JWKs of the trust and revoker roles, and the signed root bundles `root.<version>.json` */
  keys: v.strictObject({ trust: File, revoker: File, bundles: File }),
});
export type RootOfTrustConfig = v.InferOutput<typeof RootOfTrustConfig>;

export const GatewayConfig = v.strictObject(Enrolled);
export type GatewayConfig = v.InferOutput<typeof GatewayConfig>;

export const ConnectorConfig = v.strictObject({ ...Enrolled, location: Id, broker: PinnedUrl });
export type ConnectorConfig = v.InferOutput<typeof ConnectorConfig>;

export const SessionHostConfig = v.strictObject({
  ...Enrolled,
  location: Id,
  /** as devices reach it directly */
  address: Address,
  connectors: v.pipe(v.array(Endpoint), v.minLength(1), v.maxLength(16)),
  servers: v.pipe(v.array(SessionServer), v.minLength(1), v.maxLength(3)),
  /** sessions at the same time */
  maxSessions: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(LIMITS.hostSessions)), 100),
});
export type SessionHostConfig = v.InferOutput<typeof SessionHostConfig>;
