/** The broker: who may see and open what, and which session host takes the session. Calls and callers: `protocol/cloud-api.ts`. */
import { CLOUD } from '#protocol/cloud-api';
import { LIMITS } from '#protocol/limits';
import type { BrokerConfig } from '#protocol/service-config';
import type { Component } from '#runtime/component/component';
import { cloudRoute, mutualTls } from '#runtime/http/cloud-server';
import { addRoutes, type Route } from '#runtime/http/routes';
import { closeServer, listen, openServer } from '#runtime/http/server';
import { openEnrolled } from '#runtime/service/enrolled';
import type { RunningService, ServiceContext } from '#runtime/service/run';
import type { Brokering } from './brokering.ts';
import { admit } from './handlers/admit.ts';
import { brokerSession } from './handlers/broker-session.ts';
import { enumerate } from './handlers/enumerate.ts';
import { reportSessionHosts } from './handlers/report-session-hosts.ts';
import { resolve } from './handlers/resolve.ts';
import { siteConfiguration } from './handlers/site-configuration.ts';
import { openSiteFile } from './site-file.ts';
import { openStore } from './store.ts';

export async function start(config: BrokerConfig, context: ServiceContext): Promise<RunningService> {
  const { log, metrics, signal } = context;
  const site = openSiteFile(config.site, { log, signal });
  const component = await openEnrolled('broker', config, context);
  const store = await openStore(config.database, log);
  const brokering: Brokering = { component, site, store, log, now: () => Date.now() };

  const server = openServer({ log, metrics, tls: mutualTls(component.tls) });
  addRoutes(server, routes(component, brokering));
  const address = await listen(server, config.listen);
  return {
    address,
    checks: [
      { name: 'database', run: store.database.check },
      { name: 'site', run: () => site.complaint() },
    ],
    async stop() {
      await closeServer(server);
      await store.database.close();
    },
  };
}

function routes(component: Component, brokering: Brokering): Route[] {
  return [
    cloudRoute(CLOUD.enumerate, component, enumerate(brokering)),
    cloudRoute(CLOUD.admit, component, admit(brokering)),
    cloudRoute(CLOUD.resolve, component, resolve(brokering)),
    cloudRoute(CLOUD.broker, component, brokerSession(brokering)),
    cloudRoute(CLOUD.siteConfig, component, siteConfiguration(brokering)),
    cloudRoute(CLOUD.reportSessionHosts, component, reportSessionHosts(brokering), { maxBytes: LIMITS.configBytes }),
  ];
}
