/** PgBouncer in transaction mode before a PostgreSQL cluster, as its own defaults have it: with TLS, on a port of its own. */
import { spawn, spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Endings } from '../cli/up/endings.ts';
import { asPostgres, folderOfPostgres, USER } from './runner/cluster.ts';
import { freePort } from './services/whole-cloud.ts';
import { until } from './until.ts';

export interface Pgbouncer {
  readonly port: number;
  /** the certificate that it shows, of `localhost`, which is its own authority */
  readonly certificate: string;
}

/** `password`: of the user `app`, whom it takes for the cluster's own. It serves the cluster's database of that name as `app`. */
export async function startPgbouncer(t: Endings, cluster: string, database: string, password: string): Promise<Pgbouncer> {
  const folder = folderOfPostgres();
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
  asUser('openssl', [...made, '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate]);
  const port = await freePort();
  const file = join(folder, 'pgbouncer.ini');
  writeFileSync(join(folder, 'users.txt'), `"app" "${password.replaceAll('"', '""')}"\n`);
  writeFileSync(
    file,
    `[databases]
app = host=${cluster} user=${USER} dbname=${database}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${join(folder, 'users.txt')}
pool_mode = transaction
client_tls_sslmode = allow
client_tls_key_file = ${key}
client_tls_cert_file = ${certificate}
`,
  );
  const [program, words] = asPostgres('pgbouncer', ['-q', file]);
  const server = spawn(program, words, { stdio: 'ignore', cwd: '/' });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  t.after(async () => {
    server.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  await until('PgBouncer listens', () => answers(port));
  return { port, certificate };
}

function asUser(name: string, args: readonly string[]): void {
  const [program, words] = asPostgres(name, args);
  const { status, stderr } = spawnSync(program, words, { encoding: 'utf8', cwd: '/' });
  if (status !== 0) throw new Error(`${name} failed: ${stderr}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket.destroy() !== undefined));
    socket.once('error', () => resolve(false));
  });
}
