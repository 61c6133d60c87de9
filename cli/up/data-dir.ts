/** The folder in which one `up` keeps everything: owner-only, and used by one `up` at a time. */
import { accessSync, constants, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { parseJson } from '#protocol/parse';
import { ensurePrivateFolder } from '#runtime/files/private';
import { endFamily, identify, isAlive, type ProcessIdentity } from './process-identity.ts';

const Identity = v.object({ pid: v.number(), startTime: v.string() });
/** `run.json`: who runs here, and what it has started. Read by `holdfast outage` and by the next `up`. */
const RunRecord = v.object({
  up: Identity,
  control: v.string(),
  portBase: v.number(),
  processes: v.array(Identity),
  /** local accounts made for the sessions, to be removed with them */
  accounts: v.array(v.string()),
});
export type RunRecord = v.InferOutput<typeof RunRecord>;

/** Longest path of a Unix socket on every system that has them. */
const SOCKET_PATH_BYTES = 100;
/** The longest: a desktop's, with an account of 32 characters. */
const SOCKET_NAME_BYTES = 1 + 45;
const RECORD_BYTES = 1_048_576;

export interface DataDir {
  readonly path: string;
  /** a folder below it, made owner-only when missing */
  folder(...names: string[]): string;
  file(...names: string[]): string;
  readonly control: string;
  /** a private folder for the sockets of desktops; a socket in it may have a name of 45 characters */
  readonly sockets: string;
}

/** Throws `unsafe_folder` when it belongs to another user, is open to others, or can't be made. */
export async function openDataDir(path: string): Promise<DataDir> {
  const root = resolve(path);
  try {
    await ensurePrivateFolder(root);
    accessSync(root, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    const why = cause instanceof HoldfastError ? (cause.reason ?? code) : code;
    throw new HoldfastError('unsafe_folder', { reason: 'data-dir', path: root, why }, { cause });
  }
  // A path too long for sockets: they lie in a folder of their own, as private.
  const sockets = Buffer.byteLength(root) + SOCKET_NAME_BYTES <= SOCKET_PATH_BYTES ? root : mkdtempSync(join(tmpdir(), 'holdfast-'));
  return {
    path: root,
    control: join(sockets, 'control.sock'),
    sockets,
    folder(...names) {
      const folder = join(root, ...names);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return folder;
    },
    file: (...names) => join(root, ...names),
  };
}

export function readRun(path: string): RunRecord | undefined {
  let text: string;
  try {
    text = readFileSync(join(path, 'run.json'), 'utf8');
  } catch {
    return undefined;
  }
  return parseJson(RunRecord, text, RECORD_BYTES, 'bad_config');
}

/** By a rename: other commands read it at any moment, and never half of it. */
export function writeRun(dir: DataDir, record: RunRecord): void {
  const next = dir.file('run.json.new');
  writeFileSync(next, JSON.stringify(record), { mode: 0o600 });
  renameSync(next, dir.file('run.json'));
}

export function forgetRun(dir: DataDir): void {
  rmSync(dir.file('run.json'), { force: true });
  rmSync(dir.control, { force: true });
}

/** This very process, for the record. */
export function ownIdentity(): ProcessIdentity {
  return identify(process.pid) ?? { pid: process.pid, startTime: '' };
}

/**
 * Ends what a killed `up` left here. Only processes that it recorded and whose start time is still the recorded one.
 * Throws `conflict` when an `up` is running in this folder. Returns the accounts that the killed one had made.
 */
export function cleanUpAfterKilled(dir: DataDir): readonly string[] {
  const left = readRun(dir.path);
  if (left === undefined) return [];
  if (isAlive(left.up)) {
    throw new HoldfastError('conflict', { reason: 'already-running', path: dir.path, pid: left.up.pid });
  }
  for (const identity of left.processes) endFamily(identity);
  rmSync(left.control, { force: true });
  forgetRun(dir);
  return left.accounts;
}
