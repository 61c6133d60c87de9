/** A PostgreSQL cluster of the test run's own: in a temporary folder, on a Unix socket, without a port. */
import { spawn, spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lookUntil } from '../../cli/look-until.ts';
import { findProgram } from '../setup/find.ts';

export interface Cluster {
  /** where its socket is */
  readonly folder: string;
  /** where its data are, and `postmaster.pid` and `pg_hba.conf` */
  readonly data: string;
  stop(): Promise<void>;
}

export const USER = 'postgres';
const START_MS = 30_000;
const LOOK_EVERY_MS = 50;
/** Nothing of a test run has to survive a power cut. */
const SETTINGS = ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off', 'listen_addresses=', 'max_connections=100'];

export async function startCluster(): Promise<Cluster> {
  const folder = folderOfPostgres();
  const data = join(folder, 'data');
  run('initdb', ['--pgdata', data, '--username', USER, '--auth', 'trust', '--encoding', 'UTF8', '--no-locale', '--no-sync']);
  const settings = [...SETTINGS, `unix_socket_directories=${folder}`].flatMap((setting) => ['-c', setting]);
  const [file, args] = asPostgres('postgres', ['-D', data, ...settings]);
  const server = spawn(file, args, { stdio: 'ignore', cwd: '/' });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const stop = async () => {
    // SIGINT is PostgreSQL's fast shutdown: connections are cut.
    process.removeListener('exit', leave);
    server.kill('SIGINT');
    server.ref();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  // A process that does not stop its cluster takes it along when it ends.
  server.unref();
  const leave = () => {
    run('pg_ctl', ['stop', '--silent', '--mode', 'immediate', '--pgdata', data]);
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', leave);
  const answers = () => psql(folder, 'select 1').status === 0;
  await lookUntil(() => answers() || server.exitCode !== null, { everyMs: LOOK_EVERY_MS, forMs: START_MS });
  if (server.exitCode === null && answers()) return { folder, data, stop };
  await stop();
  throw new Error('The test cluster of PostgreSQL did not start.');
}

/** A temporary folder of the user that PostgreSQL and its pooler run as. */
export function folderOfPostgres(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-pg-'));
  if (isRoot()) chownSync(folder, ...idsOf(USER));
  return folder;
}

/** One statement on the cluster's own database. */
export function psql(folder: string, statement: string): { status: number | null; stderr: string } {
  return spawnSync(needed('psql'), ['-h', folder, '-U', USER, '-d', 'postgres', '-qAtX', '-c', statement], { encoding: 'utf8' });
}

function run(name: string, args: readonly string[]): void {
  const [file, words] = asPostgres(name, args);
  const result = spawnSync(file, words, { encoding: 'utf8', cwd: '/' });
  if (result.status !== 0) throw new Error(`${name} failed: ${result.stderr}`);
}

/** PostgreSQL and its pooler refuse to run as root. */
export function asPostgres(name: string, args: readonly string[]): [string, string[]] {
  if (!isRoot()) return [needed(name), [...args]];
  const [uid, gid] = idsOf(USER);
  const become = ['--reuid', `${uid}`, '--regid', `${gid}`, '--clear-groups', '--pdeathsig', 'KILL', '--'];
  return [needed('setpriv'), [...become, needed(name), ...args]];
}

function idsOf(user: string): [uid: number, gid: number] {
  const id = (flag: string) => Number(spawnSync('id', [flag, user], { encoding: 'utf8' }).stdout);
  return [id('-u'), id('-g')];
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function needed(name: string): string {
  const file = findProgram(name);
  if (file === undefined) throw new Error(`${name} is not installed; node test/setup/main.ts test installs it.`);
  return file;
}
