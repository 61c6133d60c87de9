/**
 * Every cap and every agreed time of the wire, in one place.
 * Sizes are bytes, times are seconds when they end in `Seconds` and milliseconds when they end in `Ms`.
 * Settings may lower most of them; nothing may raise a cap marked (fixed).
 */

/** Version of each boundary. Each end speaks its own version and the one before it. */
export const VERSION = {
  /** device, gateway, connector and session host among each other */
  channel: 1,
  /** page, extension and native host among each other */
  host: 1,
  /** portal and device to the Workspace */
  workspaceApi: 1,
  /** the lease files and the vault's manifest */
  lease: 1,
} as const;

/** Caps on sizes and counts. */
export const LIMITS = {
  /** One native message, both ways (fixed). Browsers allow 1 MiB from the host and close the port above it. */
  nativeMessageBytes: 256 * 1024,
  /** One frame of a channel (fixed). The largest honest one is a lease with three files. */
  channelFrameBytes: 256 * 1024,
  /** One compact JWS or JWE, before anything is decoded (fixed). */
  tokenBytes: 64 * 1024,
  /** A root bundle in General JSON with all its signatures (fixed). */
  rootBundleBytes: 64 * 1024,
  /** Root bundles in one message of news; whoever is further behind hears of the rest next time. */
  newsBundles: 8,
  /** Predecessors of the newest root bundle that are kept and given to whoever knows an old one only. */
  earlierBundles: 64,
  /** The signed revocation list (fixed): about 20,000 entries. */
  revocationListBytes: 4 * 1024 * 1024,
  /** One feed document. 1,000 resources are about 400 KiB. */
  feedBytes: 8 * 1024 * 1024,
  /** A request body of the portal's or a service's HTTP interface. */
  requestBodyBytes: 256 * 1024,
  /** A service's reply to another, unless its declaration allows more. A ticket has 2 KiB. */
  replyBytes: 256 * 1024,
  /** Everything one lease sync may carry. 1,000 resources are about 3 MiB. */
  leaseSyncBytes: 64 * 1024 * 1024,
  /** One line of a lease sync: the last one carries the revocation list. */
  leaseSyncLineBytes: 5 * 1024 * 1024,
  /** A configuration file. */
  configBytes: 4 * 1024 * 1024,
  /** Resources in one feed document or one lease set. */
  resources: 20_000,
  /** Sessions for which one session host may be configured: it names all of them in one frame when it registers. */
  hostSessions: 500,
  /** People with keys on one device: a shared computer's in a month, several times over. */
  peopleOnDevice: 100,
  /** Names in one message to the root of trust: the longest ones are less than 800 bytes each, far below `requestBodyBytes`. */
  seenNames: 250,
  /** Leases in one page of a `leases` reply: keeps it far below `nativeMessageBytes`. */
  leasesPerPage: 200,
} as const;

/** Lifetimes, deadlines and skews. */
export const TIMES = {
  /** A launch ticket's life (B-L8). */
  ticketSeconds: 90,
  /** How long a redeemer remembers a used ticket: its lifetime plus the allowed skew. */
  usedTicketSeconds: 120,
  /** Skew allowed between clocks for tickets, grants and proofs. */
  ticketSkewSeconds: 30,
  /** Skew allowed for leases, statements and lists. */
  leaseSkewSeconds: 300,
  /** A session grant's lifetime: long enough for a slow rendezvous, too short to keep. */
  grantSeconds: 60,
  /** How long what a device learns for its sign-on is good: the viewer has 20 s for its first bytes, a busy device a little longer. */
  signOnSeconds: 60,
  /** A trust statement's lifetime and renewal interval. */
  statementSeconds: 60 * 86_400,
  statementRenewSeconds: 7 * 86_400,
  /** A component replaces its own keys after this, and no statement vouches for a key beyond that. */
  componentKeySeconds: 30 * 86_400,
  componentKeyEndSeconds: 90 * 86_400,
  /** How long a location's replaced key still opens leases: the longest lease, and a week in which a connector may have been away. */
  locationKeyKeptSeconds: 37 * 86_400,
  /** Default lease period in days and its bounds (B-L1). */
  leaseDays: 7,
  leaseDaysMin: 1,
  leaseDaysMax: 30,
  /** The longest long poll for a change of the revocation list: including the round trip, one poll a minute. */
  trustWaitSeconds: 50,
  /** The longest long poll for another site document. */
  siteWaitSeconds: 50,
  /** The greatest age of a revocation list under `strict`. */
  strictStalenessSeconds: 300,
  /** A device's token for one lease sync. */
  deviceTokenSeconds: 900,
  /** A ClientHello must be complete within this, a rendezvous paired within that. */
  clientHelloMs: 5_000,
  rendezvousMs: 10_000,
} as const;
