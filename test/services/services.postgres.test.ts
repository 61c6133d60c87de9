/** The services' tests once more, on PostgreSQL: what is imported here runs on SQLite by itself. */
import { after } from 'node:test';
import { CLUSTER_ENV, startCluster } from '../postgres.ts';

process.env['HOLDFAST_TEST_DATABASE'] = 'postgres';
if (process.env[CLUSTER_ENV] === undefined) {
  const cluster = await startCluster();
  process.env[CLUSTER_ENV] = cluster.folder;
  after(() => cluster.stop());
}

await import('../runtime/sql/database.test.ts');
await import('./root-of-trust/handlers/enrol.test.ts');
await import('./root-of-trust/handlers/blocks.test.ts');
await import('./broker/broker.test.ts');
await import('./lease-issuer/queue.test.ts');
await import('./lease-issuer/lease-issuer.sync.test.ts');
await import('./workspace/sign-in/sign-in.test.ts');
await import('./workspace/workspace.api.test.ts');
