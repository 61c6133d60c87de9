/**
 * Locations that stopped answering while the person was at work, and the sessions that ended there without them. Told until it is
 * mended or put away. Times are milliseconds since 1970.
 */
import type { Reachability, RunningSession } from '#protocol/host';
import { isSameResource } from './resource-key.ts';

export interface Loss {
  readonly location: string;
  readonly name: string;
  /** when it was first known */
  readonly at: number;
  /** `sessions`: the location answers, but sessions there were cut; `back`: it answers again */
  readonly is: 'silent' | 'sessions' | 'back';
  readonly ended: readonly RunningSession[];
}

export interface Losses {
  readonly byLocation: ReadonlyMap<string, Loss>;
  /** sessions that ended a moment ago; whether with their location is not known yet */
  readonly recent: readonly { readonly session: RunningSession; readonly at: number }[];
}
export const NO_LOSSES: Losses = { byLocation: new Map(), recent: [] };

/** An ended session has its location asked at once; the answer takes at most 6 s. */
const WITH_LOCATION_MS = 10_000;

/** Sessions are over. `cut`: the connection broke; else somebody may have ended them, unless their location is silent. */
export function sessionsOver(
  losses: Losses,
  sessions: readonly RunningSession[],
  cut: boolean,
  reachability: ReadonlyMap<string, Reachability>,
  at: number,
): Losses {
  let now = losses;
  for (const session of sessions) {
    const found = reachability.get(session.location);
    const known = now.byLocation.get(session.location);
    if (known?.ended.some((one) => one.session === session.session)) continue;
    if (!cut && found?.state !== 'unreachable') {
      now = { ...now, recent: [...now.recent, { session, at }] };
      continue;
    }
    const is = found?.state === 'unreachable' ? 'silent' : 'sessions';
    const loss = known ?? { location: session.location, name: found?.name ?? session.location, at, is, ended: [] };
    now = withLoss(now, { ...loss, is: loss.is === 'back' ? is : loss.is, ended: [...loss.ended, session] });
  }
  return now;
}

/** What the host found anew. `before`: what was known of the locations until now. */
export function locationsFound(
  losses: Losses,
  before: ReadonlyMap<string, Reachability>,
  found: readonly Reachability[],
  at: number,
): Losses {
  let now: Losses = { ...losses, recent: losses.recent.filter((one) => at - one.at <= WITH_LOCATION_MS) };
  for (const { location, name, state } of found) {
    const known = now.byLocation.get(location);
    if (state === 'reachable' && known?.is === 'silent')
      now = known.ended.length > 0 ? withLoss(now, { ...known, is: 'back' }) : withoutLoss(now, location);
    if (state !== 'unreachable') continue;
    const withIt = now.recent.filter(({ session }) => session.location === location);
    if (known === undefined && withIt.length === 0 && before.get(location)?.state !== 'reachable') continue;
    const ended = [...(known?.ended ?? []), ...withIt.map(({ session }) => session)];
    const since = known === undefined || known.is === 'back' ? Math.min(at, ...withIt.map((one) => one.at)) : known.at;
    now = withLoss(now, { location, name, at: since, is: 'silent', ended });
    now = { ...now, recent: now.recent.filter((one) => !withIt.includes(one)) };
  }
  return now;
}

/** These run now: what was opened again is no longer told. */
export function sessionsRun(losses: Losses, running: readonly RunningSession[]): Losses {
  let now = losses;
  for (const loss of losses.byLocation.values()) {
    const ended = loss.ended.filter(({ resource }) => !running.some((session) => isSameResource(session.resource, resource)));
    if (ended.length === loss.ended.length) continue;
    now = ended.length > 0 || loss.is === 'silent' ? withLoss(now, { ...loss, ended }) : withoutLoss(now, loss.location);
  }
  return now;
}

/** The person put it away. It is told anew only when the location stops again, or another session ends. */
export function withoutLoss(losses: Losses, location: string): Losses {
  const byLocation = new Map(losses.byLocation);
  byLocation.delete(location);
  return { ...losses, byLocation };
}

function withLoss(losses: Losses, loss: Loss): Losses {
  return { ...losses, byLocation: new Map(losses.byLocation).set(loss.location, loss) };
}
