/** The primitive schemas of all messages. */
import * as v from 'valibot';
import { LIMITS } from './limits.ts';
import { PersonId } from './names.ts';

/** A component's, location's, resource's or feed's id: lower case, digits, `-`, `.`, `_`; at most 63 characters. */
export const Id = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9._-]{0,62}$/u));

/**
 * Which resource is meant, everywhere: its feed and its id there. Two feeds may use the same id.
 * `core/access/resource-key.ts` makes one string of it.
 */
export const ResourceRef = v.object({ feed: Id, id: Id });
export type ResourceRef = v.InferOutput<typeof ResourceRef>;

export const NAME_MAX = 200;
/** A name that people read: 1 to 200 characters, no control characters. */
export const Name = v.pipe(v.string(), v.minLength(1), v.maxLength(NAME_MAX), v.regex(/^[^\p{Cc}]*$/u));

/** A user's pairwise subject: opaque, the same for one user of one tenant. */
export const Subject = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{8,128}$/u));

/**
 * 32 bytes in base64url, in their one canonical spelling: 43 characters hold 258 bits, and the two stray ones are zero. Decoders ignore
 * those two, so that one key with them set would be a second device with a thumbprint of its own.
 */
export const Bytes32 = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/u));

/** SHA-256 in base64url. */
export const Digest = Bytes32;

/** 16 to 64 random bytes in base64url. */
export const Nonce = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{22,86}$/u));

/** Follows one launch through every part: 8 to 36 of `0-9a-f-`. */
export const CorrelationId = v.pipe(v.string(), v.regex(/^[0-9a-f][0-9a-f-]{7,35}$/u));

/** A compact JWS or JWE, not yet decoded. */
export const Compact = v.pipe(v.string(), v.maxLength(LIMITS.tokenBytes), v.regex(/^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*){2,4}$/u));

/** The signed revocation list: a compact JWS that may be larger than any other token. */
export const RevocationToken = v.pipe(
  v.string(),
  v.maxLength(LIMITS.revocationListBytes),
  v.regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/u),
);

/** Whole seconds since 1970 (UTC), as in JWT claims. */
export const Seconds = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Whole milliseconds since 1970 (UTC). */
export const Millis = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** A count or a version. */
export const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** A host name or an IP literal without brackets. Never starts with `-`. */
export const Host = v.pipe(v.string(), v.maxLength(253), v.regex(/^[A-Za-z0-9:][A-Za-z0-9.:_-]*$/u));
/** A TCP port. */
export const Port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));

/** Where something listens. Many listeners share one machine in tests, so a port always goes with the host. */
export const Address = v.object({ host: Host, port: Port });
export type Address = v.InferOutput<typeof Address>;

/**
 * Where a URL may lead: over TLS anywhere, over plain HTTP only to this machine itself, by a name that is always its own (`localhost`
 * and all below it, RFC 6761; 127.0.0.0/8; ::1).
 */
const LOOPBACK = String.raw`(?:(?:[A-Za-z0-9-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])`;
const SECURE = String.raw`(?:https:\/\/(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])|https?:\/\/${LOOPBACK})(?::\d{1,5})?`;

/** The address as every URL library writes its beginning: the host in lower case, and no port that the scheme has anyway (RFC 3986, 6.2). */
function withPlainOrigin(address: string): string {
  return address.replace(/^(https?:)\/\/([^/?#]*)/u, (_, scheme: string, host: string) => {
    const plain = host.toLowerCase().replace(scheme === 'https:' ? /:0*443$/u : /:0*80$/u, '');
    return `${scheme}//${plain}`;
  });
}

/**
 * A Workspace's origin, by which leases and caches are kept apart: `https://host[:port]`, no path; `http` for this machine's own. However it was
 * typed, in the form in which browsers say it.
 */
export const Origin = v.pipe(
  v.string(),
  v.maxLength(300),
  v.regex(new RegExp(`^${SECURE}\\/?$`, 'u')),
  v.transform((typed) => withPlainOrigin(typed).replace(/\/$/u, '')),
);

const webAddress = (length: number) =>
  v.pipe(v.string(), v.maxLength(length), v.regex(new RegExp(String.raw`^${SECURE}(?:\/[^\s#]*)?(?:#\S*)?$`, 'u')));
/** A URL that we dial, or send a person or a browser to: never `javascript:`; `http` for this machine's own. */
export const WebAddress = webAddress(2_000);
/** The same where another's spelling is compared with it. */
export const ReturnAddress = v.pipe(WebAddress, v.transform(withPlainOrigin));
/** The same with what a redirect carries along: a token as a hint. */
export const RedirectAddress = webAddress(12_000);

/**
 * Who an OpenID provider says that it is, in one form: typed as it stands in its documentation, with or without a `/` at its end, or as the
 * address of its discovery document.
 */
export const Issuer = v.pipe(
  WebAddress,
  v.regex(/^[^?#]*$/u),
  v.transform((typed) => withPlainOrigin(typed).replace(/(?:\/\.well-known\/openid-configuration)?\/*$/u, '')),
);

/** The base URL of a service whose TLS key is pinned: there is no plain HTTP to it, on this machine neither. */
export const PinnedUrl = v.pipe(v.string(), v.maxLength(300), v.regex(/^https:\/\/(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/u));

/** A session's protocol. */
export const SessionProtocol = v.picklist(['ssh', 'vnc', 'rdp']);
export type SessionProtocol = v.InferOutput<typeof SessionProtocol>;

/** What a launch shows: a launch ticket, or a lease. */
export const LaunchMode = v.picklist(['ticket', 'lease']);
export type LaunchMode = v.InferOutput<typeof LaunchMode>;

/** How a session host is reached: at its address, or by a rendezvous at a gateway. */
export const Route = v.picklist(['direct', 'gateway']);
export type Route = v.InferOutput<typeof Route>;

/** RFC 7800: the thumbprint of the key whose possession the bearer proves. */
export const Confirmation = v.object({ jkt: Digest });

/** Groups of one person. */
export const GROUPS_MAX = 2_000;

/**
 * What a provider may have left out of a person, and an entitlement may hang on: their user principal name, their groups. Their id is
 * always known.
 */
export const PersonPart = v.picklist(['name', 'groups']);
export type PersonPart = v.InferOutput<typeof PersonPart>;

/** The person, from the sign-in. Towards gateways only `subject` leaves the Workspace. */
export const User = v.object({
  subject: Subject,
  /** the person's own at their provider; absent where it is not known */
  id: v.optional(PersonId),
  name: Name,
  /** user principal name: how administrators name the person; compared as `names.ts` says. Not known: the subject stands in its place */
  upn: Name,
  /** absent: their provider did not say, which is not the same as none */
  groups: v.optional(v.pipe(v.array(Name), v.maxLength(GROUPS_MAX))),
});
export type User = v.InferOutput<typeof User>;
