/**
 * Where a component learns of a block: here comes in every revocation list and every root bundle, whoever brings it. The root of trust's
 * long poll brings it (component.ts), any peer of a channel (channel/control.ts, channel/client.ts), and a device that carries it
 * (channel/device-proof.ts). What is newer is kept on disk and told to the listeners: channels pass it on, and cut whom it refuses.
 */
import { hear, judgeStatement, type Trust } from '#core/trust/trust';
import { type News, Role, type Statement } from '#protocol/trust';
import { nodeCrypto } from '../jose/primitives.ts';
import type { Log } from '../log/log.ts';
import { type TrustFile, trustOf, writeTrustFile } from './trust-file.ts';

/** What a component holds of trust: in memory, and in one file. */
export interface HeldTrust {
  trust(): Trust;
  /** the file's content */
  known(): TrustFile;
  /** takes what is newer, keeps it on disk and notifies the listeners */
  hear(news: News): void;
  onTrust(listener: (trust: Trust) => void): void;
  /** statements of all components from the root's directory, as last fetched: those that verify now */
  statements(): readonly Statement[];
  /** keeps something else of the file; a failed write is logged and does not stop the service */
  save(change: Partial<TrustFile>): void;
}

export interface HeldTrustOptions {
  readonly dataDir: string;
  readonly rootPin: string;
  readonly log: Pick<Log, 'warn'>;
}

/** Throws `untrusted_peer` when `first` does not begin at the pin. */
export function holdTrust({ dataDir, rootPin, log }: HeldTrustOptions, first: TrustFile): HeldTrust {
  const listeners: ((trust: Trust) => void)[] = [];
  let known = first;
  let trust = trustOf(known, rootPin);
  let checked: { readonly under: Trust; readonly tokens: readonly string[]; readonly statements: readonly Statement[] } | undefined;
  let saving: Promise<void> = Promise.resolve();

  /** One file, written in order. */
  const save: HeldTrust['save'] = (change) => {
    known = { ...known, ...change };
    const snapshot = known;
    saving = saving
      .then(() => writeTrustFile(dataDir, snapshot))
      .catch((err: unknown) => log.warn({ err }, 'Cannot write the trust file.'));
  };

  return {
    trust: () => trust,
    known: () => known,
    hear(news) {
      const after = hear(nodeCrypto, trust, news, Math.floor(Date.now() / 1_000));
      if (after === trust) return;
      trust = after;
      save({ bundles: [...after.history], ...(after.listToken !== undefined && { revocations: after.listToken }) });
      for (const listener of listeners) listener(trust);
    },
    onTrust: (listener) => void listeners.push(listener),
    statements() {
      if (checked?.under !== trust || checked.tokens !== known.statements)
        checked = { under: trust, tokens: known.statements, statements: checkedStatements(trust, known.statements) };
      return checked.statements;
    },
    save,
  };
}

/** Statements that verify today; the others are skipped, not fatal. */
function checkedStatements(trust: Trust, tokens: readonly string[]): Statement[] {
  const now = Math.floor(Date.now() / 1_000);
  return tokens.flatMap((token) => {
    const judged = judgeStatement(nodeCrypto, trust, token, now, { roles: Role.options });
    return judged.ok ? [judged.value] : [];
  });
}
