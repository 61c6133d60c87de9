/** The broker: owns the site document; who may see and open what, and which session host takes the session. Calls and callers: `protocol/cloud-api.ts`. */
import { CLOUD } from '#protocol/cloud-api';
import { LIMITS } from '#protocol/limits';
import type { BrokerConfig } from '#protocol/service-config';
import { type Administrators, openAdministrators } from '#runtime/http/admin-tokens';
import { cloudRoute, followKeys, mutualTls } from '#runtime/http/cloud-server';
import { addRoutes, type Route } from '#runtime/http/routes';
import { closeServer, listen, openServer } from '#runtime/http/server';
import { openEnrolled } from '#runtime/service/enrolled';
import { rootCheck } from '#runtime/service/list-health';
import type { RunningService, ServiceContext } from '#runtime/service/run';
import type { Brokering } from './brokering.ts';
import { admit } from './handlers/admit.ts';
import { brokerSession } from './handlers/broker-session.ts';
import { enumerate } from './handlers/enumerate.ts';
import { reportSessionHosts } from './handlers/report-session-hosts.ts';
import { exportSite, importSite, siteHistory } from './handlers/site-admin.ts';
import { SITE_DOCUMENT_MS, siteDocument } from './handlers/site-document.ts';
import { openOwnSite } from './site.ts';
import { openStore } from './store.ts';

/** Every reader of the site document keeps one request waiting for the next. */
const IN_FLIGHT_MAX = 8_192;
/** JSON may write a character of the document's text as several. */
const IMPORT_BYTES = 2 * LIMITS.configBytes;

export async function start(config: BrokerConfig, context: ServiceContext): Promise<RunningService> {
  const { log, metrics, signal } = context;
  const administrators = openAdministrators(config.adminTokens);
  const component = await openEnrolled('broker', config, context);
  const store = await openStore(config.database, log);
  const now = () => Date.now();
  const site = await openOwnSite({ database: store.database, log, signal, now });
  metrics.gauge('holdfast_broker_site_document_lost', 'Whether readers hold a newer site document than this database; 0 is well.', () =>
    site.lost() === undefined ? 0 : 1,
  );
  const brokering: Brokering = { component, site, store, log, now };

  const server = openServer({ log, metrics, tls: mutualTls(component.tls), inFlightMax: IN_FLIGHT_MAX });
  followKeys(server, component);
  addRoutes(server, [...routes(brokering, signal), ...adminRoutes(brokering, administrators)]);
  const address = await listen(server, config.listen);
  return {
    address,
    checks: [
      { name: 'database', run: store.database.check },
      { name: 'site-document', run: () => site.complaint() },
      { name: 'site-document-lost', isAdvice: true, run: () => lostWords(site.lost()) },
      rootCheck(component),
    ],
    async stop() {
      await closeServer(server);
      await store.database.close();
    },
  };
}

function lostWords(held: number | undefined): string | undefined {
  if (held === undefined) return undefined;
  return `readers hold version ${held} of the site document, which this database does not have: it was restored from a backup. Import the document that is to hold`;
}

function routes(brokering: Brokering, ending: AbortSignal): Route[] {
  const { component } = brokering;
  return [
    cloudRoute(CLOUD.enumerate, component, enumerate(brokering)),
    cloudRoute(CLOUD.admit, component, admit(brokering)),
    cloudRoute(CLOUD.broker, component, brokerSession(brokering)),
    cloudRoute(CLOUD.siteDocument, component, siteDocument(brokering, ending), { deadlineMs: SITE_DOCUMENT_MS }),
    cloudRoute(CLOUD.reportSessionHosts, component, reportSessionHosts(brokering), { maxBytes: LIMITS.configBytes }),
  ];
}

function adminRoutes(brokering: Brokering, administrators: Administrators): Route[] {
  const checks = [administrators.check];
  return [
    { method: 'GET', path: '/v1/admin/site', checks, handle: exportSite(brokering) },
    { method: 'PUT', path: '/v1/admin/site', checks, maxBytes: IMPORT_BYTES, handle: importSite(brokering, administrators) },
    { method: 'GET', path: '/v1/admin/site/history', checks, handle: siteHistory(brokering) },
  ];
}
