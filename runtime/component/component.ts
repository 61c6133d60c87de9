/**
 * A component among others: its keys, its trust statement and what it knows of the root of trust.
 * It enrols once with a join token (B-L6); from then on it waits for the root's news and goes on with what it holds
 * while the root is away.
 */

import * as v from 'valibot';
import type { LocationKeyRing } from '#core/lease/open-lease';
import { newestStatements } from '#core/trust/directory';
import { type OlderPart, olderPartOf } from '#core/trust/older-answer';
import { hear, judgeStatement, type Trust } from '#core/trust/trust';
import { HoldfastError } from '#protocol/errors';
import { LIMITS, TIMES } from '#protocol/limits';
import { Compact } from '#protocol/primitives';
import type { RootOfTrustRef } from '#protocol/service-config';
import { type EnrolmentReply, type News, Role, type Statement, type TrustDirectory } from '#protocol/trust';
import { ensurePrivateFolder } from '../files/private.ts';
import { nodeCrypto, thumbprint } from '../jose/primitives.ts';
import type { componentSigner } from '../jose/sign.ts';
import type { TlsIdentity } from '../tls/certificate.ts';
import { enrol } from './enrol.ts';
import { adoptNextKeys, type KeptKeys, loadOrMakeKeys, loadOrMakeNextKeys } from './keys.ts';
import { keyRingOf, mergedLocationKeys } from './location-keys.ts';
import { type RootClient, rootClient } from './root-client.ts';
import { allBundles, readTrustFile, type TrustFile, trustOf, writeTrustFile } from './trust-file.ts';
import { type Asking, pollUntilAborted } from './trust-poll.ts';

export interface Component {
  readonly id: string;
  readonly role: Role;
  readonly location?: string;
  /** own trust statement, compact JWS */
  statement(): string;
  /** both as of now: it replaces its own keys from time to time */
  readonly signer: ReturnType<typeof componentSigner>;
  readonly tls: TlsIdentity;
  /** for listeners that hold its TLS key: it has another one */
  onKeys(listener: () => void): void;
  trust(): Trust;
  /** takes what is newer, keeps it on disk and notifies the listeners */
  hear(news: News): void;
  onTrust(listener: (trust: Trust) => void): void;
  /** statements of all components from the root's directory, as last fetched: those that verify now */
  statements(): readonly Statement[];
  /** connectors only: how to open what is sealed to their location */
  locationKeys(): LocationKeyRing;
  /** what is wrong between it and the root of trust, in words for administrators; that the root is away is not wrong */
  complaint(): string | undefined;
  /** asks the root of trust now; resolves to whether it answered */
  refresh(): Promise<boolean>;
}

/** Said in the log, in /readyz and as a metric: until it is put right, blocks of now may not reach this component. */
const OLDER: Readonly<Record<OlderPart, string>> = {
  'root-bundle': 'the root of trust answers with an older root bundle than is known here: its folder was restored from a backup',
  'revocation-list':
    'the root of trust answers with an older revocation list than is known here, or with one that lacks entries: its database was restored from a backup',
};

export interface ComponentOptions {
  readonly role: Role;
  readonly id: string;
  readonly location?: string;
  readonly dataDir: string;
  readonly rootOfTrust: RootOfTrustRef;
  /** gives the join token; called at the first start only */
  readonly join?: () => string;
  readonly signal: AbortSignal;
  /** one line for each event that an administrator may want to know of */
  readonly log: { info(message: string): void; warn(message: string): void };
}

/** Throws `bad_config` without a join token for it, `unsafe_folder`, `untrusted_peer` when the root is not the pinned one. */
export async function openComponent(options: ComponentOptions): Promise<Component> {
  await ensurePrivateFolder(options.dataDir);
  const keys = await loadOrMakeKeys(options.dataDir, options.id);
  const client = rootClient(options.rootOfTrust, keys, options.signal);
  const known = (await readTrustFile(options.dataDir)) ?? (await firstKnown(client, options));
  return keepUp(options, keys, client, known);
}

async function firstKnown(client: RootClient, options: ComponentOptions): Promise<TrustFile> {
  const { id, dataDir, log } = options;
  const join = options.join?.();
  if (!v.is(Compact, join)) {
    throw new HoldfastError('bad_config', { reason: join === undefined ? 'join-token-missing' : 'join-token-invalid', id });
  }
  const known = await enrol(client, join, options);
  await writeTrustFile(dataDir, known);
  log.info(`${id} is enrolled with the root of trust`);
  return known;
}

/** Statements that verify today; the others are skipped, not fatal. */
function checkedStatements(trust: Trust, tokens: readonly string[]): Statement[] {
  return tokens.flatMap((token) => {
    const judged = judgeStatement(nodeCrypto, trust, token, nowSeconds(), { roles: Role.options });
    return judged.ok ? [judged.value] : [];
  });
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

function keepUp(options: ComponentOptions, firstKeys: KeptKeys, firstClient: RootClient, first: TrustFile): Component {
  const { id, role, location, dataDir, rootOfTrust, signal, log } = options;
  const listeners: ((trust: Trust) => void)[] = [];
  const keyListeners: (() => void)[] = [];
  let keys = firstKeys;
  let client = firstClient;
  let known = first;
  let trust = trustOf(known, rootOfTrust.rootPin);
  let checked: { readonly under: Trust; readonly tokens: readonly string[]; readonly statements: readonly Statement[] } | undefined;
  let keyRing = keyRingOf(known.locationKeys);
  let saving: Promise<void> = Promise.resolve();
  let trouble: string | undefined;
  let complaint: string | undefined;
  let isListed = true;

  const myself = { roles: [role], id, ...(location !== undefined && { location }) };
  const judgeOwn = (token: string, { tls } = keys.stated) => judgeStatement(nodeCrypto, trust, token, nowSeconds(), { ...myself, tls });

  const isNewer = (token: string) => {
    const [own, held] = [judgeOwn(token), judgeOwn(known.statement)];
    return own.ok && (!held.ok || own.value.iat >= held.value.iat);
  };
  /** Whether it has the location key to which leases are sealed since it was stated. */
  const opensWhatIsSealed = ({ keys: { enc } }: Statement) => enc === undefined || keyRing[thumbprint(enc)] !== undefined;

  /** Logs each problem once, and its end. */
  const tell = (now: string | undefined, isAway = false) => {
    if (now !== undefined && now !== trouble) log.warn(`${id}: ${now}`);
    if (now === undefined && trouble !== undefined) log.info(`${id}: the root of trust answers again`);
    trouble = now;
    // What it said before it went away still holds.
    if (!isAway) complaint = now;
  };

  /** One file, written in order; a failed write is logged and does not stop the service. */
  const save = (change: Partial<TrustFile>) => {
    known = { ...known, ...change };
    const snapshot = known;
    saving = saving
      .then(() => writeTrustFile(dataDir, snapshot))
      .catch((cause: unknown) => log.warn(`${id}: cannot write its trust file: ${String(cause)}`));
  };

  const hearNews = (news: News) => {
    const after = hear(nodeCrypto, trust, news);
    if (after === trust) return;
    trust = after;
    save({ bundles: [...after.history], ...(after.listToken !== undefined && { revocations: after.listToken }) });
    for (const listener of listeners) listener(trust);
  };

  /** Returns what the root of trust has lost, if its answer is older than what was known when it was asked. */
  const take = (directory: TrustDirectory, before: Trust): OlderPart | undefined => {
    hearNews({ rootBundles: allBundles(directory), revocations: directory.revocations });
    const statements = newestStatements(nodeCrypto, trust, known.statements, directory.statements, nowSeconds());
    // The root of trust states it anew without being asked when it replaces the key of a location.
    const own = statements.find((token) => judgeOwn(token).ok);
    save({ statements: [...statements], ...(own !== undefined && own !== known.statement && isNewer(own) && { statement: own }) });
    isListed = directory.statements.includes(known.statement);
    return olderPartOf(nodeCrypto, before, directory);
  };

  /** The root of trust is not believed blindly: a statement that peers would refuse never replaces one that they accept. */
  const complaintOf = (reply: EnrolmentReply, stated = keys.stated): string | undefined => {
    hearNews({ rootBundles: allBundles(reply), revocations: reply.revocations });
    const judged = judgeOwn(reply.statement, stated);
    return judged.ok ? undefined : `the statement that the root of trust made for it is not good (${judged.why}); the former one is kept`;
  };
  const keep = ({ statement, locationKeys = [] }: EnrolmentReply) => {
    save({ statement, locationKeys: mergedLocationKeys(known.locationKeys, locationKeys, nowSeconds()) });
    keyRing = keyRingOf(known.locationKeys);
  };

  const adopt = async (reply: EnrolmentReply, next: KeptKeys, nextClient: RootClient): Promise<void> => {
    await adoptNextKeys(dataDir);
    // Keys and statement change together: nobody shows the one with the other.
    void client.finish();
    keys = next;
    client = nextClient;
    keep(reply);
    log.info(`${id} has new keys`);
    for (const listener of keyListeners) listener();
  };

  const rotate = async (): Promise<string | undefined> => {
    const next = await loadOrMakeNextKeys(dataDir, id);
    const nextClient = rootClient(rootOfTrust, next, signal);
    try {
      const reply = await nextClient.renew(known.statement, keys);
      const wrong = complaintOf(reply, next.stated);
      if (wrong === undefined) await adopt(reply, next, nextClient);
      return wrong;
    } finally {
      if (client !== nextClient) await nextClient.close();
    }
  };

  const renewIfDue = async (): Promise<string | undefined> => {
    if (keys.made + TIMES.componentKeySeconds <= nowSeconds()) return rotate();
    const current = judgeOwn(known.statement);
    const isDue = !current.ok || current.value.iat + TIMES.statementRenewSeconds <= nowSeconds();
    // A root of trust that was restored may not know its key any more, and takes it back when it is shown the statement.
    if (!isDue && isListed && opensWhatIsSealed(current.value)) return undefined;
    const reply = await client.renew(known.statement);
    const wrong = complaintOf(reply);
    if (wrong === undefined) keep(reply);
    return wrong;
  };
  /** Never two at a time: each would have other keys stated. */
  let renewal: Promise<string | undefined> | undefined;
  const renewOnce = (): Promise<string | undefined> => {
    renewal ??= renewIfDue().finally(() => {
      renewal = undefined;
    });
    return renewal;
  };

  /** As much of what is held as one message takes; the rest follows with the next answer. */
  const lostNews = (part: OlderPart): News =>
    part === 'root-bundle' ? { rootBundles: trust.history.slice(-LIMITS.newsBundles) } : { revocations: trust.listToken };

  /** Somebody who stole a key of it has had another one stated since. */
  const twin = (): string | undefined => {
    const own = judgeOwn(known.statement);
    const named = known.statements.map((token) => judgeStatement(nodeCrypto, trust, token, nowSeconds(), { roles: [role], id }));
    const isOther = named.some(
      (other) => other.ok && own.ok && other.value.iat > own.value.iat && thumbprint(other.value.keys.sign) !== keys.signer.kid,
    );
    return isOther ? 'another key stands under its name: if nobody enrolled it anew, revoke it and enrol it again' : undefined;
  };

  const refresh = async (asking: Asking = 'at once'): Promise<boolean> => {
    try {
      const before = trust;
      const older = take(await client.trust(asking === 'for news' ? trust.list?.version : undefined), before);
      if (older !== undefined) await client.report(known.statement, lostNews(older));
      // First: an answer that was lost is asked for again, and until then its own next key looks like somebody else's.
      const unrenewed = await renewOnce();
      const wrong = (older && OLDER[older]) ?? twin() ?? unrenewed;
      const hasExpired = trust.bundle.exp < nowSeconds();
      tell(
        wrong ??
          (hasExpired
            ? 'the root bundle has expired: it stays in use, but no leases are issued until `holdfast root rotate` renews it'
            : undefined),
      );
      return true;
    } catch (error) {
      const isRefusal = error instanceof HoldfastError && error.code === 'untrusted_peer';
      const what = isRefusal ? 'refuses it' : 'does not answer';
      if (!signal.aborted) tell(`the root of trust ${what}, going on with what is known: ${String(error)}`, !isRefusal);
      return false;
    }
  };

  const own = judgeOwn(known.statement);
  if (!own.ok) log.warn(`${id}: its trust statement is invalid (${own.why}): peers refuse it until the root of trust issues a new one`);
  void pollUntilAborted(refresh, signal);
  signal.addEventListener('abort', () => void client.close(), { once: true });
  return {
    id,
    role,
    ...(location !== undefined && { location }),
    statement: () => known.statement,
    get signer() {
      return keys.signer;
    },
    get tls() {
      return keys.tls;
    },
    onKeys: (listener) => void keyListeners.push(listener),
    trust: () => trust,
    hear: hearNews,
    onTrust: (listener) => void listeners.push(listener),
    statements() {
      if (checked?.under !== trust || checked.tokens !== known.statements) {
        checked = { under: trust, tokens: known.statements, statements: checkedStatements(trust, known.statements) };
      }
      return checked.statements;
    },
    locationKeys: () => keyRing,
    complaint: () => complaint,
    refresh: () => refresh(),
  };
}
