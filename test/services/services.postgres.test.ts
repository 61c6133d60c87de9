/** The services' tests once more, on PostgreSQL: what is imported here runs on SQLite by itself. */
process.env['HOLDFAST_TEST_DATABASE'] = 'postgres';

await import('../runtime/sql/database.test.ts');
await import('./root-of-trust/handlers/enrol.test.ts');
await import('./root-of-trust/handlers/blocks.test.ts');
await import('./root-of-trust/root-of-trust.restore.test.ts');
await import('./services.restore.test.ts');
await import('./broker/broker.test.ts');
await import('./broker/site.test.ts');
await import('../runtime/site/reader.test.ts');
await import('./lease-issuer/queue.test.ts');
await import('./lease-issuer/lease-issuer.sync.test.ts');
await import('./workspace/sign-in/sign-in.test.ts');
await import('./workspace/workspace.api.test.ts');

export {};
