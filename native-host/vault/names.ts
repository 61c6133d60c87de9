/** Names on disk are hashes: they reveal nothing, and no outside input gets into a path. */
import { createHash } from 'node:crypto';

export interface Owner {
  /** the Workspace's origin */
  readonly workspace: string;
  readonly subject: string;
}

function hashed(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** The pattern of `folderNameOf`. */
export const OWNER_FOLDER_NAME = /^[0-9a-f]{64}$/u;

export function folderNameOf(owner: Owner): string {
  return hashed('owner', owner.workspace, owner.subject);
}

export function nameOfWorkspace(workspace: string): string {
  return hashed('workspace', workspace);
}

export type LeaseFileKind = 'metadata' | 'common' | 'location';

/** From lease, kind and content: each resource has its own three names, and a name always means the same bytes. */
export function leaseFileName(lease: string, kind: LeaseFileKind, digest: string): string {
  return hashed('lease', lease, kind, digest);
}

/** The pattern of our own names; nothing else is ever opened or removed. */
export const LEASE_FILE_NAME = /^[0-9a-f]{64}$/u;
