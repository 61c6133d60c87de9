/** Keeps `run.json` true while components come and go, so that the next `up` can clean up after a killed one. */
import type { DataDir, RunRecord } from './data-dir.ts';
import { ownIdentity, writeRun } from './data-dir.ts';
import type { ProcessIdentity } from './process-identity.ts';

export interface RunKeeper {
  /** asks its sources again and writes the file */
  update(): void;
  /** adds a source of processes */
  watch(source: () => readonly ProcessIdentity[]): void;
  /** local accounts made for the sessions */
  accounts(names: readonly string[]): void;
}

export function keepRun(dir: DataDir, portBase: number): RunKeeper {
  const sources: (() => readonly ProcessIdentity[])[] = [];
  const up = ownIdentity();
  let accounts: readonly string[] = [];
  const update = () => {
    const record: RunRecord = {
      up,
      control: dir.control,
      portBase,
      processes: sources.flatMap((source) => source()),
      accounts: [...accounts],
    };
    writeRun(dir, record);
  };
  update();
  return {
    update,
    watch(source) {
      sources.push(source);
      update();
    },
    accounts(names) {
      accounts = names;
      update();
    },
  };
}
