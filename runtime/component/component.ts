/**
 * A component among others: its own keys and statement (renewal.ts), and what it holds of trust (news.ts). It enrols once with a join
 * token (B-L6); from then on it waits for the root's news and goes on with what it holds while the root is away.
 */

import * as v from 'valibot';
import type { LocationKeyRing } from '#core/lease/open-lease';
import { newestStatements } from '#core/trust/directory';
import { type OlderPart, olderPartOf } from '#core/trust/older-answer';
import type { Trust } from '#core/trust/trust';
import { HoldfastError } from '#protocol/errors';
import { LIMITS } from '#protocol/limits';
import { Compact } from '#protocol/primitives';
import type { RootOfTrustRef } from '#protocol/service-config';
import type { News, Role, Statement, TrustDirectory } from '#protocol/trust';
import { ensurePrivateFolder } from '../files/private.ts';
import { nodeCrypto } from '../jose/primitives.ts';
import type { componentSigner } from '../jose/sign.ts';
import type { Log } from '../log/log.ts';
import type { TlsIdentity } from '../tls/certificate.ts';
import { enrol } from './enrol.ts';
import { type KeptKeys, loadOrMakeKeys } from './keys.ts';
import { holdTrust } from './news.ts';
import { keepRenewed } from './renewal.ts';
import { type RootClient, rootClient } from './root-client.ts';
import { rootTrouble } from './root-trouble.ts';
import { allBundles, readTrustFile, type TrustFile, writeTrustFile } from './trust-file.ts';
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
const TWIN = 'another key stands under its name: if nobody enrolled it anew, revoke it and enrol it again';
const EXPIRED = 'the root bundle has expired: it stays in use, but no leases are issued until `holdfast root rotate` renews it';

export interface ComponentOptions {
  readonly role: Role;
  readonly id: string;
  readonly location?: string;
  readonly dataDir: string;
  readonly rootOfTrust: RootOfTrustRef;
  /** gives the join token; called at the first start only */
  readonly join?: () => string;
  readonly signal: AbortSignal;
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
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
  log.info({}, 'The component is enrolled with the root of trust.');
  return known;
}

function keepUp(options: ComponentOptions, keys: KeptKeys, client: RootClient, known: TrustFile): Component {
  const { id, role, location, dataDir, rootOfTrust, signal, log } = options;
  const held = holdTrust({ dataDir, rootPin: rootOfTrust.rootPin, log }, known);
  const own = keepRenewed(options, held, keys, client);
  const trouble = rootTrouble(log);

  /** What the root of trust has lost, if its answer is older than what was known when it was asked; and whether it lists this component. */
  const take = (directory: TrustDirectory, before: Trust): { readonly older: OlderPart | undefined; readonly isListed: boolean } => {
    held.hear({ rootBundles: allBundles(directory), revocations: directory.revocations });
    const statements = newestStatements(nodeCrypto, held.trust(), held.known().statements, directory.statements, nowSeconds());
    // The root of trust states it anew without being asked when it replaces the key of a location.
    const statement = own.newerOf(statements);
    held.save({ statements: [...statements], ...(statement !== undefined && { statement }) });
    const isListed = directory.statements.includes(held.known().statement);
    return { older: olderPartOf(nodeCrypto, before, directory, nowSeconds()), isListed };
  };

  /** As much of what is held as one message takes; the rest follows with the next answer. */
  const lostNews = (part: OlderPart): News =>
    part === 'root-bundle' ? { rootBundles: held.trust().history.slice(-LIMITS.newsBundles) } : { revocations: held.trust().listToken };

  const refresh = async (asking: Asking = 'at once'): Promise<boolean> => {
    try {
      const before = held.trust();
      const directory = await own.client().trust(nowSeconds(), asking === 'for news' ? before.list?.version : undefined);
      const { older, isListed } = take(directory, before);
      if (older !== undefined) await own.client().report(held.known().statement, lostNews(older));
      // First: an answer that was lost is asked for again, and until then its own next key looks like somebody else's.
      const unrenewed = await own.renewIfDue(isListed);
      const hasExpired = held.trust().bundle.exp < nowSeconds();
      trouble.answered((older && OLDER[older]) ?? (own.hasTwin() ? TWIN : undefined) ?? unrenewed ?? (hasExpired ? EXPIRED : undefined));
      return true;
    } catch (thrown) {
      if (!signal.aborted) trouble.failed(thrown);
      return false;
    }
  };

  const judged = own.judged();
  if (!judged.ok)
    log.warn({ why: judged.why }, 'The trust statement is invalid: peers refuse it until the root of trust issues a new one.');
  void pollUntilAborted(refresh, signal);
  return {
    id,
    role,
    ...(location !== undefined && { location }),
    statement: () => held.known().statement,
    get signer() {
      return own.keys().signer;
    },
    get tls() {
      return own.keys().tls;
    },
    onKeys: own.onKeys,
    trust: held.trust,
    hear: held.hear,
    onTrust: held.onTrust,
    statements: held.statements,
    locationKeys: own.locationKeys,
    complaint: trouble.complaint,
    refresh: () => refresh(),
  };
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}
