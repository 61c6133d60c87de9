/**
 * What takes a while to get and few tests need: PostgreSQL, the build. It is begun when the first test asks, once for the whole run:
 * the runner listens on a socket for who asks. A file that is run by hand gets its own, which ends with it.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { type Cluster, startCluster } from './cluster.ts';
import { PROJECT_DIR } from './files.ts';

/** `postgres`: the folder with the cluster's socket. `build`: the folder `dist/`, as new as its sources. */
export type Need = 'postgres' | 'build';

const RUN_ENV = 'HOLDFAST_TEST_RUN';
const Reply = v.union([v.object({ folder: v.string() }), v.object({ failed: v.string() })]);
let cluster: Promise<Cluster> | undefined;
let built: Promise<string> | undefined;

const GET: Readonly<Record<Need, () => Promise<string>>> = {
  postgres: async () => {
    cluster ??= startCluster();
    return (await cluster).folder;
  },
  build: () => {
    built ??= build();
    return built;
  },
};

/** The folder where it is. Throws with the reason when it cannot be had. */
export async function need(name: Need): Promise<string> {
  const path = process.env[RUN_ENV];
  if (path === undefined) return GET[name]();
  const socket = connect(path);
  socket.end(name);
  const reply = v.parse(Reply, JSON.parse(await text(socket)));
  if ('failed' in reply) throw new Error(`The run has no ${name}: ${reply.failed}`);
  return reply.folder;
}

/** The runner's side: answers the test processes that it starts from now on. */
export async function answerNeeds(): Promise<{ end(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'hf-run-'));
  const path = join(folder, 'need');
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    void text(socket)
      .then((name) => GET[v.parse(v.picklist(['postgres', 'build']), name)]())
      .then((found) => socket.end(JSON.stringify({ folder: found })))
      .catch((error) => socket.end(JSON.stringify({ failed: String(error) })));
  }).listen(path);
  await once(server, 'listening');
  process.env[RUN_ENV] = path;
  return {
    async end() {
      server.close();
      await (await cluster?.catch(() => undefined))?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function build(): Promise<string> {
  await promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', join(PROJECT_DIR, 'cli', 'build.ts')]);
  return join(PROJECT_DIR, 'dist');
}
