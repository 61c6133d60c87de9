/** Empty databases on the run's PostgreSQL, which is started when the first test asks for one. */
import { psql, USER } from './runner/cluster.ts';
import { need } from './runner/need.ts';

/** `folder`: of the cluster's socket. */
export async function freshDatabase(): Promise<{ url: string; name: string; folder: string; release(): Promise<void> }> {
  const folder = await need('postgres');
  const name = `t${process.pid}_${Date.now().toString(36)}_${counter++}`;
  const made = psql(folder, `create database ${name}`);
  if (made.status !== 0) throw new Error(`No test database: ${made.stderr}`);
  return {
    url: `postgres://${USER}@${encodeURIComponent(folder)}/${name}`,
    name,
    folder,
    release: async () => void psql(folder, `drop database if exists ${name} with (force)`),
  };
}

let counter = 0;
