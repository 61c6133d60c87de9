/**
 * The host's log: one line per event in an owner-only file, `<time> <level> <correlation id or -> <message>`. The host and
 * its session processes append to the same file; it is moved aside at 1 MiB, so that at most two are kept.
 */
import { appendFileSync, renameSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withoutSecrets } from '#core/without-secrets';
import { HoldfastError } from '#protocol/errors';
import { HOME_FILES } from './home.ts';
import { folderNameOf, type Owner } from './vault/names.ts';

export interface HostLog {
  /** `correlationId` where the line belongs to a launch or a sync */
  info(message: string, correlationId?: string): void;
  warn(message: string, correlationId?: string): void;
  /** a thrown value: its code and detail; a stack only for a bug */
  error(message: string, thrown: unknown, correlationId?: string): void;
}

const ROTATE_AT = 1024 * 1024;
const LINE_MAX = 2_000;

export function openLog(home: string, now: () => Date = () => new Date()): HostLog {
  const file = join(home, HOME_FILES.log);
  const write = (level: string, message: string, correlationId: string | undefined): void => {
    const line = `${now().toISOString()} ${level} ${correlationId ?? '-'} ${withoutSecrets(message).slice(0, LINE_MAX)}\n`;
    try {
      if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) >= ROTATE_AT) renameSync(file, `${file}.1`);
      appendFileSync(file, line, { mode: 0o600 });
    } catch {
      // A full disk must not stop a launch: it continues without its log line.
    }
  };
  return {
    info: (message, correlationId) => write('info', message, correlationId),
    warn: (message, correlationId) => write('warn', message, correlationId),
    error: (message, thrown, correlationId) => write('error', `${message}: ${describe(thrown)}`, correlationId),
  };
}

/** The line by which a correlation id belongs to a person, by a hash. */
export function noteOwner(log: Pick<HostLog, 'info'>, what: 'launch' | 'lease sync', owner: Owner, correlationId: string): void {
  log.info(`${what} for ${tagOf(owner)}`, correlationId);
}

/** Those lines that belong to this person's launches and syncs. */
export function linesOf(owner: Owner, lines: readonly string[]): readonly string[] {
  const tag = tagOf(owner);
  const ids = new Set(lines.flatMap((line) => (OWNER_LINE.exec(line)?.groups?.['tag'] === tag ? [idOf(line)] : [])));
  return lines.filter((line) => ids.has(idOf(line)));
}

const OWNER_LINE = /^\S+ info \S+ (?:launch|lease sync) for (?<tag>[0-9a-f]{16})$/u;

function tagOf(owner: Owner): string {
  return folderNameOf(owner).slice(0, 16);
}

function idOf(line: string): string {
  return line.split(' ', 3)[2] ?? '';
}

/** All kept lines, oldest first. */
export async function readLog(home: string): Promise<string[]> {
  const file = join(home, HOME_FILES.log);
  const texts = await Promise.all([`${file}.1`, file].map((name) => readFile(name, 'utf8').catch(() => '')));
  return texts
    .join('')
    .split('\n')
    .filter((line) => line !== '');
}

function describe(thrown: unknown): string {
  if (thrown instanceof HoldfastError) return `${thrown.message}${causeOf(thrown)}`;
  return thrown instanceof Error ? (thrown.stack ?? thrown.message).replaceAll(/\s*\n\s*/gu, ' | ') : String(thrown);
}

function causeOf(error: Error): string {
  return error.cause instanceof Error ? ` (${error.cause.message})` : '';
}
