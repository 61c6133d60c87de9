/** The ticket service: signs launch tickets and keeps nothing. The broker has already decided who may launch what (B-L8). */
import { CLOUD } from '#protocol/cloud-api';
import type { TicketsConfig } from '#protocol/service-config';
import { cloudRoute, followKeys, mutualTls } from '#runtime/http/cloud-server';
import { addRoutes } from '#runtime/http/routes';
import { closeServer, listen, openServer } from '#runtime/http/server';
import { openEnrolled } from '#runtime/service/enrolled';
import { rootCheck } from '#runtime/service/list-health';
import type { RunningService, ServiceContext } from '#runtime/service/run';
import { issueTicket } from './handlers/issue-ticket.ts';

export async function start(config: TicketsConfig, context: ServiceContext): Promise<RunningService> {
  const { log, metrics } = context;
  const component = await openEnrolled('tickets', config, context);
  const server = openServer({ log, metrics, tls: mutualTls(component.tls) });
  followKeys(server, component);
  addRoutes(server, [
    cloudRoute(
      CLOUD.issueTicket,
      component,
      issueTicket(component, () => Math.floor(Date.now() / 1_000)),
    ),
  ]);
  const address = await listen(server, config.listen);
  return { address, checks: [rootCheck(component)], stop: () => closeServer(server) };
}
