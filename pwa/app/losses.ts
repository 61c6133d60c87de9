/** Keeps what was lost under the person's hands: told by the host's events and lists, shown in a strip of its own. */
import { type Losses as Lost, locationsFound, sessionsOver, sessionsRun, withoutLoss } from '#core/access/losses';
import type { LaunchEvent, Reachability, RunningSession } from '#protocol/host';
import type { AppContext } from './context.ts';

export interface Losses {
  /** a launch or its session has ended; with an error the session was cut */
  ended(event: LaunchEvent): void;
  /** the host lists its running sessions anew; to be called before the model has them */
  listed(sessions: readonly RunningSession[]): void;
  /** to be called before the model has them */
  found(reachability: readonly Reachability[]): void;
  putAway(location: string): void;
}

export function driveLosses({ model, clock }: Pick<AppContext, 'model' | 'clock'>): Losses {
  const set = (losses: Lost): void => {
    if (losses !== model.state.losses) model.set({ losses });
  };
  return {
    ended: ({ phase, error, correlationId }) => {
      if (phase !== 'ended' || error === undefined) return;
      const { losses, sessions, reachability } = model.state;
      const cut = sessions.filter((session) => session.correlationId === correlationId);
      set(sessionsOver(losses, cut, true, reachability, clock.now()));
    },
    listed: (sessions) => {
      const { losses, sessions: before, reachability } = model.state;
      const over = before.filter(({ session }) => !sessions.some((one) => one.session === session));
      set(sessionsRun(sessionsOver(losses, over, false, reachability, clock.now()), sessions));
    },
    found: (reachability) => set(locationsFound(model.state.losses, model.state.reachability, reachability, clock.now())),
    putAway: (location) => set(withoutLoss(model.state.losses, location)),
  };
}
