/** The running sessions; ends those of blocked people (B-L5). */
import { resourceRef } from '#core/access/resource-key';
import { bearerOf } from '#core/lease/judge-grant';
import { findRevocation } from '#core/trust/revocation';
import type { Trust } from '#core/trust/trust';
import type { HostSession } from '#protocol/channel';
import type { Grant } from '#protocol/lease';
import { TIMES } from '#protocol/limits';
import type { TimeMark } from '#runtime/files/time-mark';
import type { Log } from '#runtime/log/log';

export interface Sessions {
  /** seconds: grants issued before are refused, because used ones are remembered only from here on */
  readonly startedAt: number;
  /** Whether this grant is used for the first time. */
  isNew(grant: Grant): boolean;
  /** Adds a session; `end` cuts it. Call the result when it is over. */
  begin(grant: Grant, end: () => void): () => void;
  report(): HostSession[];
  endRevoked(): void;
  onChange(listener: () => void): void;
}

interface Running {
  readonly grant: Grant;
  readonly since: number;
  readonly end: () => void;
}

export interface SessionsOptions {
  readonly trust: () => Trust;
  /** seconds */
  readonly now: () => number;
  readonly mark: TimeMark;
  readonly log: Log;
}

export function openSessions({ trust, now, mark, log }: SessionsOptions): Sessions {
  const running = new Map<string, Running>();
  const seen = new Map<string, number>();
  let changed = () => {};
  return {
    startedAt: Math.max(now(), mark.read()) + 1,
    isNew({ jti, iat, exp }) {
      for (const [known, until] of seen) if (until < now()) seen.delete(known);
      if (seen.has(jti)) return false;
      seen.set(jti, exp + TIMES.ticketSkewSeconds);
      if (iat > now()) mark.raise(iat);
      return true;
    },
    begin(grant, end) {
      const session: Running = { grant, since: now(), end };
      running.set(grant.session, session);
      changed();
      return () => {
        if (running.get(grant.session) !== session) return;
        running.delete(grant.session);
        changed();
      };
    },
    report: () =>
      [...running.values()].map(({ grant, since }) => ({
        session: grant.session,
        subject: grant.user.subject,
        user: grant.user.name,
        resource: resourceRef(grant.resource),
        mode: grant.mode,
        since,
        attached: true,
      })),
    endRevoked() {
      const { list } = trust();
      if (list === undefined) return;
      for (const { grant, end } of running.values()) {
        if (findRevocation(list, bearerOf(grant), now()) === undefined) continue;
        log.info({ correlationId: grant.correlationId, session: grant.session }, 'Session ended: its bearer is blocked.');
        end();
      }
    },
    onChange: (listener) => {
      changed = listener;
    },
  };
}
