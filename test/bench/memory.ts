/** What processes hold in memory, as the kernel says it; MiB. */
import { readdirSync, readFileSync } from 'node:fs';

/** Resident, with what it shares with others. NaN when the process is gone. */
export function residentMib(pid: number): number {
  return lineOf(`/proc/${pid}/status`, 'VmRSS') ?? Number.NaN;
}

/** Proportional share (PSS) of all of them together: a page that two hold counts half for each. One that is gone holds nothing. */
export function shareMib(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + (lineOf(`/proc/${pid}/smaps_rollup`, 'Pss') ?? 0), 0);
}

/** The process and all that it and they have started. */
export function familyOf(pid: number): readonly number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .map((name) => ({ pid: Number(name), parent: parentOf(name) }));
  const family = (one: number): readonly number[] => [
    one,
    ...parents.filter(({ parent }) => parent === one).flatMap((child) => family(child.pid)),
  ];
  return family(pid);
}

/** Whether it is the built native host's process for one session. */
export function isSessionProcess(pid: number): boolean {
  return readIfThere(`/proc/${pid}/cmdline`).includes('holdfast-session.mjs');
}

function lineOf(file: string, name: string): number | undefined {
  const kib = new RegExp(`^${name}:\\s+(?<kib>\\d+) kB$`, 'mu').exec(readIfThere(file))?.groups?.['kib'];
  return kib === undefined ? undefined : Number(kib) / 1_024;
}

function parentOf(pid: string): number {
  const stat = readIfThere(`/proc/${pid}/stat`);
  // The program's name stands in brackets and may hold spaces; the parent is the second field behind them.
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
