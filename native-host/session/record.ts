/** Running sessions on this device, one owner-only file each; any reader removes a file whose process is gone. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as v from 'valibot';
import type { RunningSession } from '#protocol/host';
import { SessionFile } from '#protocol/vault';
import { ensurePrivateFolder, writePrivateFile } from '#runtime/files/private';
import { HOME_FILES } from '../home.ts';
import { isAlive } from '../vault/lock.ts';
import type { Owner } from '../vault/names.ts';

/** `folder`: the session's own folder. */
export async function recordSession(home: string, { workspace, subject }: Owner, folder: string, session: RunningSession): Promise<void> {
  await ensurePrivateFolder(join(home, HOME_FILES.sessions));
  const file: SessionFile = {
    v: 1,
    pid: process.pid,
    started: await startOf(process.pid),
    folder: basename(folder),
    workspace,
    subject,
    session,
  };
  await writePrivateFile(pathOf(home, session.session), JSON.stringify(file));
}

export async function forgetSession(home: string, session: string): Promise<void> {
  await rm(pathOf(home, session), { force: true });
}

/** All running sessions, oldest first. */
export async function runningSessions(home: string): Promise<readonly SessionFile[]> {
  const folder = join(home, HOME_FILES.sessions);
  const names = await readdir(folder).catch(() => []);
  const files = await Promise.all(names.filter((name) => name.endsWith('.json')).map((name) => readOne(join(folder, name))));
  return files.filter((file) => file !== undefined).sort((a, b) => a.session.since - b.session.since);
}

async function readOne(path: string): Promise<SessionFile | undefined> {
  try {
    const file = v.parse(SessionFile, JSON.parse(await readFile(path, 'utf8')));
    if (isAlive(file.pid) && (await startOf(file.pid)) === file.started) return file;
  } catch {
    // Not a record, or removed meanwhile.
  }
  await rm(path, { force: true });
  return undefined;
}

function pathOf(home: string, session: string): string {
  return join(home, HOME_FILES.sessions, `${session}.json`);
}

/** Start time of the process in kernel ticks; empty where the system does not tell. */
async function startOf(pid: number): Promise<string> {
  if (process.platform !== 'linux') return '';
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The program's name is in parentheses and may contain spaces; field 22 is counted from after them.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
