/** The launches of this process: started, counted, cancelled. */
import { HoldfastError } from '#protocol/errors';
import { noteOwner } from '../log.ts';
import type { Owner } from '../vault/names.ts';
import { type Launch, launch } from './launch.ts';
import type { LaunchContext, LaunchOrder } from './launch-context.ts';

export interface Launches {
  /** Throws `too_many`, or `conflict` when that launch is already running. */
  start(order: LaunchOrder): Launch;
  /** Whether there is such a launch of this person. */
  cancel(owner: Owner, correlationId: string): boolean;
}

/** More launches than a person clicks: a page that exceeds this is not driven by a person. */
const PER_MINUTE = 30;
const AT_ONCE = 8;

export function openLaunches(parts: LaunchContext, now: () => number): Launches {
  const running = new Map<string, { readonly owner: Owner; readonly launch: Launch }>();
  let opening = 0;
  let started: number[] = [];
  return {
    start(order) {
      const at = now();
      started = started.filter((time) => at - time < 60_000);
      if (started.length >= PER_MINUTE || opening >= AT_ONCE) throw new HoldfastError('too_many');
      if (running.has(order.correlationId)) throw new HoldfastError('conflict', { reason: 'launch-under-way' });
      started.push(at);
      noteOwner(parts.log, 'launch', order.owner, order.correlationId);
      opening += 1;
      const begun = launch(parts, order);
      running.set(order.correlationId, { owner: order.owner, launch: begun });
      void begun.outcome.then(() => {
        opening -= 1;
      });
      void begun.ended.then(() => running.delete(order.correlationId));
      return begun;
    },
    cancel({ workspace, subject }, correlationId) {
      const begun = running.get(correlationId);
      if (begun?.owner.workspace !== workspace || begun.owner.subject !== subject) return false;
      begun.launch.cancel();
      return true;
    },
  };
}
