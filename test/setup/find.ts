/** Where a system program is. */
import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { PROGRAMS, type Program, type ProgramSet } from './programs.ts';

/** Servers live outside an ordinary user's PATH; PostgreSQL's programs in a folder of their version. */
const BEYOND_PATH = ['/usr/local/sbin', '/usr/sbin', '/sbin'];
const POSTGRESQL = '/usr/lib/postgresql';

/** Absolute path of a program, or `undefined`. An absolute `name` only has to exist. */
export function findProgram(name: string, path: string = process.env['PATH'] ?? ''): string | undefined {
  if (isAbsolute(name)) return exists(name, constants.F_OK) ? name : undefined;
  return [...path.split(delimiter), ...BEYOND_PATH, ...postgresqlFolders()]
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((file) => exists(file, constants.X_OK));
}

/** The programs of a set that this machine lacks. */
export function missingPrograms(set: ProgramSet, find: (name: string) => string | undefined = findProgram): readonly Program[] {
  return PROGRAMS.filter((program) => program.sets.includes(set) && !program.anyOf.some((name) => find(name) !== undefined));
}

/** The one command line that installs them. `answers`: to what they ask then. */
export function installCommand(packages: readonly string[], answers: readonly string[] = []): string {
  const told = answers.map((answer) => `echo '${answer}' | sudo debconf-set-selections && `).join('');
  return `${told}sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

function exists(file: string, mode: number): boolean {
  try {
    accessSync(file, mode);
    return true;
  } catch {
    return false;
  }
}

/** Newest version first. */
function postgresqlFolders(): string[] {
  try {
    return readdirSync(POSTGRESQL)
      .sort((a, b) => Number(b) - Number(a))
      .map((version) => join(POSTGRESQL, version, 'bin'));
  } catch {
    return [];
  }
}
