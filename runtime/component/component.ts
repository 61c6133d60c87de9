/**
 * A component among others: its keys, its trust statement and what it knows of the root of trust.
 * It enrols once with a join token (B-L6); from then on it waits for the root's news and goes on with what it holds
 * while the root is away.
 */
import type { LocationKeyRing } from '#core/lease/open-lease';
import { hear, judgeStatement, type Trust } from '#core/trust/trust';
import { HoldfastError } from '#protocol/errors';
import { TIMES } from '#protocol/limits';
import type { RootOfTrustRef } from '#protocol/service-config';
import { type EnrolmentReply, type News, Role, type SignedRootBundle, type Statement, type TrustDirectory } from '#protocol/trust';
import { ensurePrivateFolder } from '../files/private.ts';
import { nodeCrypto, thumbprint } from '../jose/primitives.ts';
import { unsealerFor } from '../jose/seal.ts';
import type { componentSigner } from '../jose/sign.ts';
import type { TlsIdentity } from '../tls/certificate.ts';
import { loadOrMakeKeys, type OwnKeys } from './keys.ts';
import { type KnownFile, readKnown, trustOf, writeKnown } from './known.ts';
import { type RootClient, rootClient } from './root-client.ts';

export interface Component {
  readonly id: string;
  readonly role: Role;
  readonly location?: string;
  /** own trust statement, compact JWS */
  statement(): string;
  readonly signer: ReturnType<typeof componentSigner>;
  readonly tls: TlsIdentity;
  trust(): Trust;
  /** takes in what is newer, keeps it on disk and tells the listeners */
  hear(news: News): void;
  onTrust(listener: (trust: Trust) => void): void;
  /** statements of all components as the root's directory last had them, each checked */
  statements(): readonly Statement[];
  /** connectors only: how to open what is sealed to their location */
  locationKeys(): LocationKeyRing;
  /** asks the root of trust now; resolves to whether it answered */
  refresh(): Promise<boolean>;
}

export interface ComponentOptions {
  readonly role: Role;
  readonly id: string;
  readonly location?: string;
  readonly dataDir: string;
  readonly rootOfTrust: RootOfTrustRef;
  /** needed at the first start only */
  readonly join?: string;
  readonly signal: AbortSignal;
  /** one line for each thing that an administrator may want to know */
  readonly log: { info(message: string): void; warn(message: string): void };
}

export async function openComponent(options: ComponentOptions): Promise<Component> {
  await ensurePrivateFolder(options.dataDir);
  const keys = await loadOrMakeKeys(options.dataDir, options.id);
  const client = rootClient(options.rootOfTrust, keys, options.signal);
  const known = (await readKnown(options.dataDir)) ?? (await enrol(client, options));
  return keepUp(options, keys, client, known);
}

async function enrol(client: RootClient, { join, dataDir, id, log }: ComponentOptions): Promise<KnownFile> {
  if (join === undefined) throw new HoldfastError('bad_config', `${id} is not enrolled yet and has no join token.`);
  const reply = await client.enrol(join);
  const known = withReply({ statement: reply.statement, bundles: allBundles(reply), statements: [], locationKeys: [] }, reply);
  await writeKnown(dataDir, known);
  log.info(`${id} is enrolled with the root of trust`);
  return known;
}

function withReply(known: KnownFile, reply: EnrolmentReply): KnownFile {
  return { ...known, statement: reply.statement, revocations: reply.revocations, locationKeys: reply.locationKeys ?? known.locationKeys };
}

function allBundles({ earlierBundles = [], rootBundle }: Pick<EnrolmentReply, 'earlierBundles' | 'rootBundle'>): SignedRootBundle[] {
  return [...earlierBundles, rootBundle];
}

/** Statements that hold today; the others are left out, not fatal. */
function checkedStatements(trust: Trust, tokens: readonly string[]): Statement[] {
  return tokens.flatMap((token) => {
    const judged = judgeStatement(nodeCrypto, trust, token, nowSeconds(), { roles: Role.options });
    return judged.ok ? [judged.value] : [];
  });
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

function keepUp(options: ComponentOptions, keys: OwnKeys, client: RootClient, first: KnownFile): Component {
  const { id, role, location, dataDir, rootOfTrust, signal, log } = options;
  const listeners: ((trust: Trust) => void)[] = [];
  let known = first;
  let trust = trustOf(known, rootOfTrust.rootPin);
  let statements = checkedStatements(trust, known.statements);
  let saving: Promise<void> = Promise.resolve();
  let rootWasAway = false;

  const judgeOwn = () => judgeStatement(nodeCrypto, trust, known.statement, nowSeconds(), { roles: [role], id, tls: keys.stated.tls });
  const own = judgeOwn();
  if (!own.ok)
    log.warn(`${id}: its own trust statement is not good (${own.why}); peers will refuse it until the root of trust makes a new one`);

  /** One file, written in order; a failure to write is told and does not stop the service. */
  const save = () => {
    const snapshot = known;
    saving = saving
      .then(() => writeKnown(dataDir, snapshot))
      .catch((cause: unknown) => log.warn(`${id}: could not keep what it knows: ${String(cause)}`));
  };

  const hearNews = (news: News) => {
    const after = hear(nodeCrypto, trust, news);
    if (after === trust) return;
    trust = after;
    known = { ...known, bundles: [...after.history], ...(after.listToken !== undefined && { revocations: after.listToken }) };
    save();
    for (const listener of listeners) listener(trust);
  };

  const take = (directory: TrustDirectory) => {
    hearNews({ rootBundles: allBundles(directory), revocations: directory.revocations });
    statements = checkedStatements(trust, directory.statements);
    known = { ...known, statements: directory.statements };
    save();
  };

  const renewIfDue = async () => {
    const current = judgeOwn();
    if (current.ok && current.value.iat + TIMES.statementRenewSeconds > nowSeconds()) return;
    known = withReply(known, await client.renew(known.statement, keys.stated));
    save();
  };

  const refresh = async (wait: 'at once' | 'for news' = 'at once'): Promise<boolean> => {
    try {
      take(await client.trust(wait === 'for news' ? trust.list?.version : undefined));
      await renewIfDue();
      if (rootWasAway) log.info(`${id}: the root of trust answers again`);
      rootWasAway = false;
      return true;
    } catch (error) {
      if (!signal.aborted && !rootWasAway)
        log.warn(`${id}: the root of trust does not answer, going on with what is known: ${String(error)}`);
      rootWasAway = true;
      return false;
    }
  };

  pollUntilAborted(refresh, signal);
  signal.addEventListener('abort', () => void client.close());
  return {
    id,
    role,
    ...(location !== undefined && { location }),
    statement: () => known.statement,
    signer: keys.signer,
    tls: keys.tls,
    trust: () => trust,
    hear: hearNews,
    onTrust: (listener) => void listeners.push(listener),
    statements: () => statements,
    locationKeys: () =>
      Object.fromEntries(known.locationKeys.map(({ publicKey, privateKey }) => [thumbprint(publicKey), unsealerFor(privateKey)] as const)),
    refresh: () => refresh(),
  };
}

/**
 * Asks at once; then waits for news, again and again: the root answers as soon as somebody is blocked, and otherwise within
 * the minute. While it does not answer it is asked every other second, so that a restart of everything settles quickly.
 */
function pollUntilAborted(refresh: (wait?: 'for news') => Promise<boolean>, signal: AbortSignal): void {
  const AFTER_ANSWER_MS = 250;
  const RETRY_MS = 2_000;
  const round = async (wait?: 'for news') => {
    const answered = await refresh(wait);
    if (signal.aborted) return;
    const timer = setTimeout(() => void round(answered ? 'for news' : undefined), answered ? AFTER_ANSWER_MS : RETRY_MS);
    timer.unref();
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  };
  void round();
}
