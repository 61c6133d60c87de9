/** Installs what is missing with apt, where this user may; otherwise says the one command line that does. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { findProgram, installCommand, missingPrograms } from './find.ts';
import type { Program, ProgramSet } from './programs.ts';

/** `present`: nothing to do. `named`: this user may not install; `command` is for them to run, and `goOn` says whether it works without. */
export type SetupOutcome =
  | { readonly state: 'present' }
  | { readonly state: 'installed'; readonly packages: readonly string[] }
  | {
      readonly state: 'named';
      readonly packages: readonly string[];
      readonly command: string;
      readonly why: string;
      readonly goOn: boolean;
    };

/** Debian asks this program before it starts a service; 101 = "not allowed by policy". */
const POLICY = '/usr/sbin/policy-rc.d';

export function setUp(set: ProgramSet): SetupOutcome {
  const missing = missingPrograms(set);
  if (missing.length === 0) return { state: 'present' };
  if (findProgram('apt-get') === undefined) return named(set, missing, 'this system has no apt-get');
  const asRoot = becomeRoot();
  if (asRoot === undefined) return named(set, missing, 'installing needs root or sudo without a password');
  if (run(asRoot, ['apt-get', 'update', '-qq']) !== 0) return named(set, missing, 'apt-get update failed');
  const packages = missing.map(available);
  const answers = answersOf(missing);
  if (answers.length > 0 && run(asRoot, ['debconf-set-selections'], `${answers.join('\n')}\n`) !== 0)
    return named(set, missing, 'debconf took no answers');
  const failed = withoutStartingServices(asRoot, missing, () => run(asRoot, ['apt-get', ...INSTALL, ...packages]));
  const still = missingPrograms(set);
  if (failed !== 0 || still.length > 0) return named(set, still, 'apt-get could not install all of them');
  return { state: 'installed', packages };
}

const INSTALL = ['install', '-y', '-qq', '--no-install-recommends', '-o', 'Dpkg::Use-Pty=0'];

function named(set: ProgramSet, missing: readonly Program[], why: string): SetupOutcome {
  const packages = missing.map((program) => program.packages[0]);
  const goOn = set === 'start' && missing.every((program) => program.optional === true);
  return { state: 'named', packages, why, command: installCommand(packages, answersOf(missing)), goOn };
}

function answersOf(programs: readonly Program[]): readonly string[] {
  return programs.flatMap(({ answer }) => answer ?? []);
}

/** Words to put before a command so that it runs as root, or `undefined` where this user may not. */
function becomeRoot(): readonly string[] | undefined {
  if (process.getuid?.() === 0) return [];
  const sudo = findProgram('sudo');
  if (sudo === undefined) return undefined;
  return spawnSync(sudo, ['-n', 'true'], { stdio: 'ignore', timeout: 10_000 }).status === 0 ? [sudo, '-n'] : undefined;
}

/** The first of a program's packages that the archive has. */
function available(program: Program): string {
  if (program.packages.length === 1) return program.packages[0];
  const known = (name: string) => spawnSync('apt-cache', ['show', '--no-all-versions', name], { stdio: 'ignore' }).status === 0;
  return program.packages.find(known) ?? program.packages[0];
}

function run(asRoot: readonly string[], command: readonly string[], input = ''): number {
  const [file, ...args] = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', ...command];
  if (file === undefined) return 1;
  return spawnSync(file, args, { input, stdio: ['pipe', 2, 2] }).status ?? 1;
}

/**
 * Only the programs are wanted: an SSH or RDP server on this machine's standard ports is nobody's wish.
 * The policy file stands while apt runs; units that a package enables for the next boot are disabled again.
 */
function withoutStartingServices(asRoot: readonly string[], programs: readonly Program[], install: () => number): number {
  const ours = asRoot.length === 0 && !existsSync(POLICY);
  if (ours) {
    writeFileSync(POLICY, '#!/bin/sh\nexit 101\n');
    chmodSync(POLICY, 0o755);
  }
  try {
    return install();
  } finally {
    if (ours) rmSync(POLICY, { force: true });
    const units = programs.flatMap((program) => program.units ?? []);
    if (units.length > 0 && existsSync('/run/systemd/system')) run(asRoot, ['systemctl', 'disable', '--now', ...units]);
  }
}
