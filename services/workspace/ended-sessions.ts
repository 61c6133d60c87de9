/**
 * A portal session that has ended stays ended, also when the database is restored from a backup. When the latest of them ended stands in the
 * database and in this service's own folder; a database that is behind the folder has lost who signed out since. Then every session ends, and
 * whoever signs in next is asked by the provider anew, as after a sign-out.
 */
import type { TimeMark } from '#runtime/files/time-mark';
import type { Log } from '#runtime/log/log';
import type { Metrics } from '#runtime/metrics/metrics';
import { endEverySession, latestEnd, noteEnd, type Store } from './store.ts';

export interface EndedSessions {
  /** One ends now. */
  note(): Promise<void>;
  /** Looks whether the database was turned back. Another instance's ends are remembered here from then on, too. */
  check(): Promise<void>;
}

export interface EndedSessionsOptions {
  readonly store: Pick<Store, 'exclusively'>;
  /** ms; in the service's own folder */
  readonly mark: TimeMark;
  /** ms */
  readonly now: () => number;
  readonly log: Log;
  readonly metrics: Metrics;
}

export function openEndedSessions({ store, mark, now, log, metrics }: EndedSessionsOptions): EndedSessions {
  const restores = metrics.counter(
    'holdfast_workspace_database_restored_total',
    'Times that the database was found restored from a backup, and all portal sessions were ended.',
  );
  const look = async (one: 'ends' | 'stays'): Promise<void> => {
    const remembered = mark.read();
    const { latest, isRestored } = await store.exclusively('ended sessions', async (sql) => {
      const known = await latestEnd(sql);
      if (known < remembered) return { latest: await endEverySession(sql, Math.max(now(), remembered + 1)), isRestored: true };
      return { latest: one === 'ends' ? await noteEnd(sql, Math.max(now(), known + 1)) : known, isRestored: false };
    });
    if (isRestored) {
      restores.add();
      log.error({ remembered: new Date(remembered).toISOString() }, 'The database was restored from a backup: every portal session ends.');
    }
    try {
      mark.raise(latest);
    } catch (err) {
      // The session has already ended. A full disk must not keep anyone signed in.
      log.warn({ err }, 'Cannot remember in the data folder that a session has ended.');
    }
  };
  return { note: () => look('ends'), check: () => look('stays') };
}
