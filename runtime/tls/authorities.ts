/**
 * Whom connections to other people's servers trust: Node's authorities, the system's (a company's own is there), and those of a file. Components
 * among themselves have none: their keys are pinned.
 */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { getCACertificates } from 'node:tls';
import { HoldfastError } from '#protocol/errors';
import { unreadable } from '../files/readable.ts';

/** PEM, each one certificate. Throws `bad_config` when the file can't be read or has none. */
export function authoritiesWith(caFile: string | undefined): string[] {
  return [...getCACertificates('default'), ...getCACertificates('system'), ...(caFile === undefined ? [] : certificatesIn(caFile))];
}

function certificatesIn(file: string): string[] {
  const found = readText(file).match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/gu) ?? [];
  try {
    for (const pem of found) new X509Certificate(pem);
    if (found.length > 0) return found;
  } catch (cause) {
    throw new HoldfastError('bad_config', { reason: 'no-certificate', path: file }, { cause });
  }
  throw new HoldfastError('bad_config', { reason: 'no-certificate', path: file });
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw unreadable(file, cause);
  }
}
