/**
 * Who else could have written what we go by: whoever may write a file decides what it says, and whoever may write a folder on the way to it
 * can put another in its place. We and root may; nobody else. Windows has no such modes: there the profile's access list holds.
 */
import type { Stats } from 'node:fs';
import { lstat, readFile, realpath, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, resolve } from 'node:path';
import { HoldfastError } from '#protocol/errors';

type Found = Stats;

const OTHERS_WRITE = 0o002;
const GROUP_WRITES = 0o020;
/** Names in it belong to their owners, as in `/tmp`. */
const STICKY = 0o1000;

/** Throws `unsafe_folder` when the file, or a folder on the way to it, is somebody else's or open to them. No file is fine. */
export async function mustBeWrittenByUs(file: string): Promise<void> {
  const found = await statOf(file);
  if (found === undefined || process.platform === 'win32') return;
  mustBelongToUs(file, found);
  if (!found.isFile() || (found.mode & (OTHERS_WRITE | GROUP_WRITES)) !== 0) throw unsafe('writable', file);
  await mustBeOutOfReach(file);
}

/** Throws `unsafe_folder` when a folder above `path`, as it is named or as links lead to it, is somebody else's or open to them. */
export async function mustBeOutOfReach(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const real = await realpath(path).catch(() => path);
  for (const folder of new Set([...parentsOf(resolve(path)), ...parentsOf(real)])) {
    const [named, found] = await Promise.all([lstat(folder).catch(() => undefined), statOf(folder)]);
    // What is not there yet is made by us.
    if (named === undefined || found === undefined) continue;
    mustBelongToUs(folder, named);
    mustBelongToUs(folder, found);
    const mayBeMoved = (found.mode & STICKY) === 0 && (isOpenToAll(found) || (await isOpenToGroup(found)));
    if (mayBeMoved) throw unsafe('writable', folder);
  }
}

function parentsOf(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [] : [parent, ...parentsOf(parent)];
}

function mustBelongToUs(path: string, { uid }: Pick<Found, 'uid'>): void {
  if (uid !== 0 && uid !== process.getuid?.()) throw unsafe('other-user', path);
}

function isOpenToAll({ mode }: Found): boolean {
  return (mode & OTHERS_WRITE) !== 0;
}

async function isOpenToGroup({ mode, gid }: Found): Promise<boolean> {
  return (mode & GROUP_WRITES) !== 0 && !(gid === process.getgid?.() && (await isNobodyElses(gid)));
}

/**
 * Many systems give each person a group of their own, and make folders writable for it. On others all people have the same first group
 * (`users`, `staff`). It is the person's own if it has their name, as login scripts decide, and no other member; a group that the system's
 * table does not have (LDAP), if it has their number.
 */
async function isNobodyElses(gid: number): Promise<boolean> {
  const { username, uid } = userInfo();
  const table = await readFile('/etc/group', 'utf8').catch(() => '');
  const [name, , , members = ''] =
    table
      .split('\n')
      .find((line) => line.split(':')[2] === String(gid))
      ?.split(':') ?? [];
  return name === undefined ? gid === uid : name === username && members.split(',').every((one) => one === '' || one === username);
}

function statOf(path: string): Promise<Found | undefined> {
  return stat(path).catch(() => undefined);
}

function unsafe(reason: 'writable' | 'other-user', path: string): HoldfastError {
  return new HoldfastError('unsafe_folder', { reason, path });
}
