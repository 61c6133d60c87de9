/**
 * The device's clock, and for each Workspace how far its signers' times prove that it is behind. The clock only dims icons; the mark
 * prevents a clock that was set back from making expired leases look valid, and lets the portal say that the clock looks wrong.
 */
import { join } from 'node:path';
import * as v from 'valibot';
import { NO_TIME, nextWitnessed, type Witness } from '#core/trust/witnessed-time';
import { TIMES } from '#protocol/limits';
import { ClockMarks } from '#protocol/vault';
import { readIfThere, writePrivateFile } from '#runtime/files/private';
import { inTurn } from '#runtime/in-turn';
import { HOME_FILES } from './home.ts';

export interface DeviceClock {
  /** seconds since 1970, for what is this Workspace's: the larger of clock and mark */
  now(workspace: string): number;
  /** records a time that one of the Workspace's signers signed */
  saw(workspace: string, by: Witness, signed: number): Promise<void>;
  looksWrong(): boolean;
}

export async function openClock(home: string, system: () => number = () => Math.floor(Date.now() / 1_000)): Promise<DeviceClock> {
  const path = join(home, HOME_FILES.clock);
  const change = inTurn();
  let marks = await readMarks(path);
  const highest = (workspace: string) => marks[workspace]?.highest ?? 0;
  return {
    now: (workspace) => Math.max(system(), highest(workspace)),
    saw: (workspace, by, signed) =>
      change(async () => {
        if (marks[workspace]?.[by] === signed) return;
        const mine = highest(workspace);
        // The host of another browser may have seen others since.
        const kept = await readMarks(path);
        const before = kept[workspace] ?? NO_TIME;
        const next = nextWitnessed({ ...before, highest: Math.max(before.highest, mine) }, by, signed, system());
        marks = { ...marks, ...kept, [workspace]: next };
        await writePrivateFile(path, JSON.stringify(marks satisfies ClockMarks));
      }),
    looksWrong: () => Object.values(marks).some((mark) => system() + TIMES.leaseSkewSeconds < mark.highest),
  };
}

async function readMarks(path: string): Promise<ClockMarks> {
  try {
    return v.parse(ClockMarks, JSON.parse((await readIfThere(path)) ?? '{}'));
  } catch {
    // Damaged marks count as none: leases still expire by the location's clocks.
    return {};
  }
}
