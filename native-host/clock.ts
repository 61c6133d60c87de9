/**
 * The device's clock and the highest signed time it has seen. The clock only dims icons; the mark prevents a clock that was set back
 * from making expired leases look valid, and lets the portal say that the clock looks wrong.
 */
import { join } from 'node:path';
import * as v from 'valibot';
import { TIMES } from '#protocol/limits';
import { ClockMark } from '#protocol/vault';
import { readIfThere, writePrivateFile } from '#runtime/files/private';
import { HOME_FILES } from './home.ts';

export interface DeviceClock {
  /** seconds since 1970: the larger of clock and mark */
  now(): number;
  /** records a time signed by a trusted party */
  saw(signed: number): Promise<void>;
  looksWrong(): boolean;
}

export async function openClock(home: string, system: () => number = () => Math.floor(Date.now() / 1_000)): Promise<DeviceClock> {
  const path = join(home, HOME_FILES.clock);
  let highest = await readMark(path);
  return {
    now: () => Math.max(system(), highest),
    async saw(signed) {
      if (signed <= highest) return;
      highest = signed;
      // The host of another browser may have seen a later one since.
      const kept = await readMark(path);
      highest = Math.max(highest, kept);
      await writePrivateFile(path, JSON.stringify({ highest } satisfies ClockMark));
    },
    looksWrong: () => system() + TIMES.leaseSkewSeconds < highest,
  };
}

async function readMark(path: string): Promise<number> {
  try {
    return v.parse(ClockMark, JSON.parse((await readIfThere(path)) ?? '{"highest":0}')).highest;
  } catch {
    // A damaged mark counts as none: leases still expire by the location's clocks.
    return 0;
  }
}
