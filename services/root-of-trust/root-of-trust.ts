/**
 * The root of trust: enrols components, states their keys, keeps the revocation list, publishes everything public.
 *
 *   POST   /v1/enrolments        join token                  -> statement, root bundle, list, location key
 *   POST   /v1/statements        proof of a known key        -> a new statement
 *   POST   /v1/reports           any component               -> takes in what it signed and its database has lost
 *   POST   /v1/names             a Workspace                 -> notes the names that people were seen with
 *   GET    /v1/trust  (and POST) anybody                     -> bundles, list, all statements
 *   *      /v1/admin/...         administrator's bearer token
 */
import { CLOUD } from '#protocol/cloud-api';
import type { RootOfTrustConfig } from '#protocol/service-config';
import { allowanceFor } from '#runtime/budget/allowance';
import { openAdministrators } from '#runtime/http/admin-tokens';
import { cloudRoute, mutualTls } from '#runtime/http/cloud-server';
import { addRoutes, type RequestCheck, type Route } from '#runtime/http/routes';
import { closeServer, listen, openServer } from '#runtime/http/server';
import type { RunningService, ServiceContext } from '#runtime/service/run';
import { openAuthority, trustOfAuthority } from './authority.ts';
import { addBlock, listBlocks, removeBlock } from './handlers/blocks.ts';
import { listComponents, removeComponent, withdrawComponentKeys } from './handlers/components.ts';
import { enrol } from './handlers/enrol.ts';
import { makeJoinToken } from './handlers/join-token.ts';
import { takeNames } from './handlers/names.ts';
import { renew } from './handlers/renew.ts';
import { isComponent, REPORT_BYTES, takeReport } from './handlers/report.ts';
import { trustDirectory } from './handlers/trust-directory.ts';
import { openRevocations } from './revocations.ts';
import { ALARMS, countedBy, type Root } from './root.ts';
import { openStore } from './store.ts';
import { enrolledIn, openWaits } from './waits.ts';

/** Every component keeps one long poll open. */
const WAITING_MAX = 8_192;

export async function start(config: RootOfTrustConfig, { log, metrics, signal, nowMs }: ServiceContext): Promise<RunningService> {
  const administrators = openAdministrators([{ name: 'adminToken', token: config.adminToken }]);
  const now = () => Math.floor(Date.now() / 1_000);
  const authority = await openAuthority(config);
  const store = await openStore(config.database, log);
  const revocations = await openRevocations(store, authority, now);
  const waits = openWaits(enrolledIn(store));
  const root: Root = {
    config,
    authority,
    store,
    revocations,
    waits,
    now,
    changes: { count: 0 },
    counted: countedBy(metrics),
    alarmed: allowanceFor(ALARMS, nowMs),
    signal,
    log,
  };

  const server = openServer({ log, metrics, tls: mutualTls(authority.own.tls), inFlightMax: WAITING_MAX });
  addRoutes(server, routes(root, administrators.check));
  const address = await listen(server, config.listen);

  metrics.gauge('holdfast_revocation_entries', 'Entries of the revocation list.', () => revocations.held().list.entries.length);
  return {
    address,
    checks: [
      { name: 'database', run: store.check },
      {
        name: 'root-bundle',
        run: () =>
          authority.complaint() ??
          (authority.current().newest.bundle.exp > now() ? undefined : 'The root bundle has expired: run `holdfast root rotate`.'),
      },
    ],
    async stop() {
      await closeServer(server);
      await store.close();
    },
  };
}

function routes(root: Root, isAdministrator: RequestCheck): Route[] {
  const admin = [isAdministrator];
  const directory = trustDirectory(root);
  const trust = () => trustOfAuthority(root.authority.current(), root.revocations.held().list);
  return [
    { method: 'POST', path: CLOUD.enrol.path, checks: [], handle: enrol(root) },
    { method: 'POST', path: CLOUD.renew.path, checks: [], handle: renew(root) },
    { method: 'POST', path: CLOUD.report.path, checks: [isComponent(root)], maxBytes: REPORT_BYTES, handle: takeReport(root) },
    cloudRoute(CLOUD.tellNames, { trust }, takeNames(root)),
    { method: 'POST', path: CLOUD.trust.path, checks: [], handle: directory },
    { method: 'GET', path: CLOUD.trust.path, checks: [], handle: directory },
    { method: 'GET', path: '/v1/admin/blocks', checks: admin, handle: listBlocks(root) },
    { method: 'POST', path: '/v1/admin/blocks', checks: admin, handle: addBlock(root) },
    { method: 'DELETE', path: '/v1/admin/blocks/:id', checks: admin, handle: removeBlock(root) },
    { method: 'POST', path: '/v1/admin/join-tokens', checks: admin, handle: makeJoinToken(root) },
    { method: 'GET', path: '/v1/admin/components', checks: admin, handle: listComponents(root) },
    { method: 'DELETE', path: '/v1/admin/components/:role/:id', checks: admin, handle: removeComponent(root) },
    { method: 'DELETE', path: '/v1/admin/components/:role/:id/keys', checks: admin, handle: withdrawComponentKeys(root) },
  ];
}
