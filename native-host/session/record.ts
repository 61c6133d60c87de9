/** Running sessions on this device, one owner-only file each; any reader removes a file whose process is gone from here. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as v from 'valibot';
import type { RunningSession } from '#protocol/host';
import { SessionFile } from '#protocol/vault';
import { mustBeWrittenByUs } from '#runtime/files/ownership';
import { ensurePrivateFolder, writePrivateFile } from '#runtime/files/private';
import { HOME_FILES } from '../home.ts';
import { ownMark, type Standing, type Surroundings, standingOf, surroundings } from '../process-mark.ts';
import type { Owner } from '../vault/names.ts';

/** `folder`: the session's own folder. */
export async function recordSession(home: string, { workspace, subject }: Owner, folder: string, session: RunningSession): Promise<void> {
  await ensurePrivateFolder(join(home, HOME_FILES.sessions));
  const file: SessionFile = {
    v: 1,
    ...(await ownMark()),
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

/** All sessions that run here, oldest first. */
export async function runningSessions(home: string): Promise<readonly SessionFile[]> {
  const records = await readRecords(home);
  return records.flatMap(({ file, standing }) => (standing === 'alive' ? [file] : [])).sort((a, b) => a.session.since - b.session.since);
}

/** Names of the folders below `run/` that belong to a session, here or on another machine that shares this home. */
export async function foldersInUse(home: string): Promise<ReadonlySet<string>> {
  return new Set((await readRecords(home)).map(({ file }) => file.folder));
}

interface Recorded {
  readonly file: SessionFile;
  readonly standing: Exclude<Standing, 'gone'>;
}

async function readRecords(home: string): Promise<readonly Recorded[]> {
  const folder = join(home, HOME_FILES.sessions);
  const names = await readdir(folder).catch(() => []);
  const here = await surroundings();
  const records = await Promise.all(names.filter((name) => name.endsWith('.json')).map((name) => readOne(join(folder, name), here)));
  return records.filter((record) => record !== undefined);
}

async function readOne(path: string, here: Surroundings): Promise<Recorded | undefined> {
  try {
    await mustBeWrittenByUs(path);
    const file = v.parse(SessionFile, JSON.parse(await readFile(path, 'utf8')));
    const standing = await standingOf(file, here);
    if (standing !== 'gone') return { file, standing };
  } catch {
    // Not a record of ours, or removed meanwhile.
  }
  await rm(path, { force: true });
  return undefined;
}

function pathOf(home: string, session: string): string {
  return join(home, HOME_FILES.sessions, `${session}.json`);
}
