/**
 * Whether the process that left a record or a lock still runs. Several machines and namespaces may share one home folder, and a process id
 * means nothing outside its own: what cannot be judged from here is left alone.
 */
import { createHmac } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { ProcessMark } from '#protocol/vault';

/** `elsewhere`: of another machine or namespace */
export type Standing = 'alive' | 'gone' | 'elsewhere';
/** where processes can be seen from here */
export type Surroundings = Pick<ProcessMark, 'boot' | 'host' | 'space' | 'computer'>;

export async function surroundings(): Promise<Surroundings> {
  const [boot, space, computer] = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
    readlink('/proc/self/ns/pid').catch(() => ''),
    readFile('/etc/machine-id', 'utf8').catch(() => ''),
  ]);
  return { boot: boot.trim(), host: hostname(), space, computer: digestOf(computer.trim()) };
}

export async function ownMark(): Promise<ProcessMark> {
  return { pid: process.pid, started: await startOf(process.pid), ...(await surroundings()) };
}

export async function standingOf(mark: ProcessMark, here: Surroundings): Promise<Standing> {
  if (mark.host !== here.host || isOtherComputer(mark, here)) return 'elsewhere';
  // This machine has started anew since.
  if (mark.boot !== here.boot) return 'gone';
  if (mark.space !== here.space) return 'elsewhere';
  return isAlive(mark.pid) && (await startOf(mark.pid)) === mark.started ? 'alive' : 'gone';
}

/** Two computers may share a host name. If either has no machine ID, only the host name is compared. */
function isOtherComputer({ computer: theirs = '' }: Surroundings, { computer: ours = '' }: Surroundings): boolean {
  return theirs !== '' && ours !== '' && theirs !== ours;
}

/** The id itself is confidential: programs keep a digest of their own (machine-id(5)). */
function digestOf(machineId: string): string {
  return machineId === '' ? '' : createHmac('sha256', machineId).update('holdfast process mark').digest('base64url');
}

/** Whether a process of this user runs under that id. */
export function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Start time of the process in kernel ticks; empty where the system does not tell. */
async function startOf(pid: number): Promise<string> {
  if (process.platform !== 'linux') return '';
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The program's name is in parentheses and may contain spaces; field 22 is counted from after them.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
