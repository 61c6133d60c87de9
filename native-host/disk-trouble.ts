/** What a failed write says of the disk. */
import type { DiskState } from '#protocol/host';

export type DiskTrouble = Exclude<DiskState, 'writable'>;

/** undefined: it failed of something else. */
export function diskTrouble(thrown: unknown): DiskTrouble | undefined {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'full';
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return 'unwritable';
    default:
      return undefined;
  }
}
