/**
 * The lease issuer: queues devices' requests, resolves them by its copy of the site document, signs and seals in worker threads, streams the
 * result to whoever asked (B-L2, B-L3). Results are not kept.
 */
import { CLOUD } from '#protocol/cloud-api';
import type { LeaseIssuerConfig } from '#protocol/service-config';
import { closeCloudConnections } from '#runtime/http/cloud-client';
import { cloudRoute, followKeys, mutualTls } from '#runtime/http/cloud-server';
import { addRoutes } from '#runtime/http/routes';
import { closeServer, listen, openServer } from '#runtime/http/server';
import { openEnrolled } from '#runtime/service/enrolled';
import { rootCheck } from '#runtime/service/list-health';
import type { RunningService, ServiceContext } from '#runtime/service/run';
import { readWholeSite } from '#runtime/site/reader';
import { issueLeases } from './handlers/issue-leases.ts';
import { openIssuerKey } from './issuer-key.ts';
import { openQueue } from './queue.ts';
import { openStore } from './store.ts';
import { openWorkers } from './workers.ts';

/** ms: the longest one sync may take, including the wait */
const SYNC_MS = 180_000;
/** Devices waiting or being served at once: each holds a connection. */
const STREAMS_MAX = 2_048;

export async function start(config: LeaseIssuerConfig, context: ServiceContext): Promise<RunningService> {
  const { log, metrics, signal } = context;
  const component = await openEnrolled('lease-issuer', config, context);
  const issuerKey = await openIssuerKey(config.issuerKey, component, log);
  const store = await openStore(config.database, log);
  const now = () => Date.now();
  // One more than there are workers: the next job is resolved while the last is being signed.
  const queue = await openQueue(store, { owner: config.id, slots: config.workers + 1, now });
  const site = readWholeSite({ component, broker: config.broker, dataDir: config.dataDir, signal, log, metrics });
  const workers = openWorkers(config.workers);
  const issued = metrics.counter('holdfast_leases_issued_total', 'Leases signed and sent.');
  metrics.gauge('holdfast_lease_jobs_waiting', 'Lease syncs waiting for their turn.', queue.waiting);

  const server = openServer({ log, metrics, tls: mutualTls(component.tls), inFlightMax: STREAMS_MAX });
  followKeys(server, component);
  const handle = issueLeases({ site, component, issuerKey, queue, workers, issued, now, log });
  addRoutes(server, [cloudRoute(CLOUD.issueLeases, component, handle, { deadlineMs: SYNC_MS })]);
  const address = await listen(server, config.listen);
  signal.addEventListener('abort', () => queue.close());
  return {
    address,
    checks: [
      { name: 'database', run: store.check },
      { name: 'issuer-key', run: issuerKey.complaint },
      ...site.checks,
      rootCheck(component),
    ],
    async stop() {
      await closeServer(server);
      await workers.close();
      await closeCloudConnections(component);
      await store.close();
    },
  };
}
