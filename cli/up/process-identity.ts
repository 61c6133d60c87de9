/** Which process a number means: pids are used again, a pid with its start time is not. Linux; elsewhere nothing is recognised. */
import { readdirSync, readFileSync } from 'node:fs';
import { lookUntil } from '../look-until.ts';

export interface ProcessIdentity {
  readonly pid: number;
  /** clock ticks since boot, as the kernel says (`/proc/<pid>/stat`, field 22) */
  readonly startTime: string;
}

interface Stat {
  readonly parent: number;
  readonly startTime: string;
  readonly zombie: boolean;
}

/** `undefined` when there is no such process. */
export function identify(pid: number): ProcessIdentity | undefined {
  const stat = readStat(pid);
  return stat === undefined || stat.zombie ? undefined : { pid, startTime: stat.startTime };
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startTime === identity.startTime;
}

/** The process and everything it started that is still its descendant, children first. */
export function familyOf(identity: ProcessIdentity): readonly ProcessIdentity[] {
  if (!isAlive(identity)) return [];
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const stat = Number.isInteger(pid) ? readStat(pid) : undefined;
    if (stat !== undefined) children.set(stat.parent, [...(children.get(stat.parent) ?? []), pid]);
  }
  const below = (pid: number): number[] => [...(children.get(pid) ?? []).flatMap(below), pid];
  return below(identity.pid).flatMap((pid) => identify(pid) ?? []);
}

/** Ends it at once, with all that it started. Safe on a number that means another process by now. */
export function endFamily(identity: ProcessIdentity): void {
  endAtOnce(familyOf(identity));
}

/** The same, after a moment in which its members may tidy up: an X server removes its socket and lock. */
export async function endFamilyGently(identity: ProcessIdentity): Promise<void> {
  const members = familyOf(identity);
  for (const member of members) signal(member, 'SIGTERM');
  await lookUntil(() => !members.some(isAlive), { everyMs: LOOK_EVERY_MS, forMs: GRACE_MS });
  endAtOnce([...familyOf(identity), ...members]);
}

const GRACE_MS = 1_500;
const LOOK_EVERY_MS = 25;

/** Parents first: what a parent would start again is not started again. */
function endAtOnce(family: readonly ProcessIdentity[]): void {
  for (const member of [...family].reverse()) signal(member, 'SIGKILL');
}

/** Sends only to the process that is meant; a process that has just ended is no error. */
export function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, name);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ESRCH') throw error;
  }
}

function readStat(pid: number): Stat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The name in parentheses may hold blanks and parentheses: fields count from behind the last one.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, parent] = fields;
  const startTime = fields[19];
  if (state === undefined || parent === undefined || startTime === undefined) return undefined;
  return { parent: Number(parent), startTime, zombie: state === 'Z' || state === 'X' };
}
