/**
 * A component's own keys and statement. The statement is renewed weeks before it ends; the keys are replaced from time to time, each for
 * itself: the former ones prove the next ones. The root of trust is not believed blindly: a statement that peers would refuse never
 * replaces one that they accept.
 */
import type { LocationKeyRing } from '#core/lease/open-lease';
import { judgeStatement, type StatementFault } from '#core/trust/trust';
import type { Verdict } from '#core/verdict';
import { TIMES } from '#protocol/limits';
import type { RootOfTrustRef } from '#protocol/service-config';
import type { EnrolmentReply, Role, Statement } from '#protocol/trust';
import { nodeCrypto, thumbprint } from '../jose/primitives.ts';
import type { Log } from '../log/log.ts';
import { adoptNextKeys, type KeptKeys, loadOrMakeNextKeys } from './keys.ts';
import { keyRingOf, mergedLocationKeys } from './location-keys.ts';
import type { HeldTrust } from './news.ts';
import { type RootClient, rootClient } from './root-client.ts';
import { allBundles } from './trust-file.ts';

export interface OwnKeysAndStatement {
  keys(): KeptKeys;
  /** under the keys of now */
  client(): RootClient;
  locationKeys(): LocationKeyRing;
  onKeys(listener: () => void): void;
  /** whether peers accept its statement */
  judged(): Verdict<Statement, StatementFault>;
  /** The newest of these that is its own and good, if it is newer than the held one: it may be stated anew without having asked. */
  newerOf(statements: readonly string[]): string | undefined;
  /**
   * Asks for a new statement, or has new keys stated, if it is time for that or the root of trust does not list it. Never two at a time:
   * each would have other keys stated. Resolves to what is wrong with the answer; it is not used then.
   */
  renewIfDue(isListed: boolean): Promise<string | undefined>;
  /** Whether somebody who stole a key of it has had another one stated since. */
  hasTwin(): boolean;
}

export interface RenewalOptions {
  readonly role: Role;
  readonly id: string;
  readonly location?: string;
  readonly dataDir: string;
  readonly rootOfTrust: RootOfTrustRef;
  readonly signal: AbortSignal;
  readonly log: Pick<Log, 'info'>;
}

export function keepRenewed(options: RenewalOptions, held: HeldTrust, firstKeys: KeptKeys, firstClient: RootClient): OwnKeysAndStatement {
  const { id, role, location, dataDir, rootOfTrust, signal, log } = options;
  const listeners: (() => void)[] = [];
  let keys = firstKeys;
  let client = firstClient;
  let keyRing = keyRingOf(held.known().locationKeys);
  let renewal: Promise<string | undefined> | undefined;

  const myself = { roles: [role], id, ...(location !== undefined && { location }) };
  const judge = (token: string, { tls } = keys.stated) => judgeStatement(nodeCrypto, held.trust(), token, nowSeconds(), { ...myself, tls });
  const judged = () => judge(held.known().statement);
  /** Whether it has the location key to which leases are sealed since it was stated. */
  const opensWhatIsSealed = ({ keys: { enc } }: Statement) => enc === undefined || keyRing[thumbprint(enc)] !== undefined;

  const complaintOf = (reply: EnrolmentReply, stated = keys.stated): string | undefined => {
    held.hear({ rootBundles: allBundles(reply), revocations: reply.revocations });
    const good = judge(reply.statement, stated);
    return good.ok ? undefined : `the statement that the root of trust made for it is not good (${good.why}); the former one is kept`;
  };
  const keep = ({ statement, locationKeys = [] }: EnrolmentReply) => {
    held.save({ statement, locationKeys: mergedLocationKeys(held.known().locationKeys, locationKeys, nowSeconds()) });
    keyRing = keyRingOf(held.known().locationKeys);
  };

  const adopt = async (reply: EnrolmentReply, next: KeptKeys, nextClient: RootClient): Promise<void> => {
    await adoptNextKeys(dataDir);
    // Keys and statement change together: nobody shows the one with the other.
    void client.finish();
    keys = next;
    client = nextClient;
    keep(reply);
    log.info({}, 'The component has new keys.');
    for (const listener of listeners) listener();
  };

  const rotate = async (): Promise<string | undefined> => {
    const next = await loadOrMakeNextKeys(dataDir, id);
    const nextClient = rootClient(rootOfTrust, next, signal);
    try {
      const reply = await nextClient.renew(held.known().statement, keys);
      const wrong = complaintOf(reply, next.stated);
      if (wrong === undefined) await adopt(reply, next, nextClient);
      return wrong;
    } finally {
      if (client !== nextClient) await nextClient.close();
    }
  };

  const renew = async (isListed: boolean): Promise<string | undefined> => {
    if (keys.made + TIMES.componentKeySeconds <= nowSeconds()) return rotate();
    const current = judged();
    const isDue = !current.ok || current.value.iat + TIMES.statementRenewSeconds <= nowSeconds();
    // A root of trust that was restored may not know its key any more, and takes it back when it is shown the statement.
    if (!isDue && isListed && opensWhatIsSealed(current.value)) return undefined;
    const reply = await client.renew(held.known().statement);
    const wrong = complaintOf(reply);
    if (wrong === undefined) keep(reply);
    return wrong;
  };

  signal.addEventListener('abort', () => void client.close(), { once: true });
  return {
    keys: () => keys,
    client: () => client,
    locationKeys: () => keyRing,
    onKeys: (listener) => void listeners.push(listener),
    judged,
    newerOf(statements) {
      const found = statements.find((token) => judge(token).ok);
      if (found === undefined || found === held.known().statement) return undefined;
      const [own, former] = [judge(found), judged()];
      return own.ok && (!former.ok || own.value.iat >= former.value.iat) ? found : undefined;
    },
    renewIfDue(isListed) {
      renewal ??= renew(isListed).finally(() => {
        renewal = undefined;
      });
      return renewal;
    },
    hasTwin() {
      const own = judged();
      const named = held
        .known()
        .statements.map((token) => judgeStatement(nodeCrypto, held.trust(), token, nowSeconds(), { roles: [role], id }));
      return named.some(
        (other) => other.ok && own.ok && other.value.iat > own.value.iat && thumbprint(other.value.keys.sign) !== keys.signer.kid,
      );
    },
  };
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}
