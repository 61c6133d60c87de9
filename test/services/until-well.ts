import type { RunningService } from '#runtime/service/run';
import { untilHolds } from '../until.ts';

/** Until every check of every one of them is good. */
export async function untilWell(services: readonly RunningService[]): Promise<void> {
  await untilHolds(async () => {
    const faults = await Promise.all(services.flatMap(({ checks }) => checks.map(async ({ run }) => run())));
    return faults.every((fault) => fault === undefined);
  });
}
