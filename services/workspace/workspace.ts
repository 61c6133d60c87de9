/** The Workspace: the portal's and the devices' server. Routes and what each answers: `protocol/workspace-api.ts`. */
import { randomBytes } from 'node:crypto';
import { CLOUD } from '#protocol/cloud-api';
import { HEALTH_PATH } from '#protocol/feed';
import type { WorkspaceConfig } from '#protocol/service-config';
import { sourceKey } from '#runtime/budget/source';
import { timeMark } from '#runtime/files/time-mark';
import { closeCloudConnections, cloudCall } from '#runtime/http/cloud-client';
import { openCookies } from '#runtime/http/cookies';
import { openFront } from '#runtime/http/front';
import { addRoutes, type Route } from '#runtime/http/routes';
import { closeServer, listen, openServer } from '#runtime/http/server';
import { lineBudget } from '#runtime/log/line-budget';
import { readSecret } from '#runtime/service/config';
import { openEnrolled } from '#runtime/service/enrolled';
import { rootCheck } from '#runtime/service/list-health';
import type { RunningService, ServiceContext } from '#runtime/service/run';
import { readPortalSettings } from '#runtime/site/reader';
import { keptSecret } from '#runtime/sql/kept-secret';
import { hasCsrfToken } from './checks/csrf.ts';
import { isOwnPage } from './checks/own-page.ts';
import { isWithinBudget } from './checks/person-budget.ts';
import { isSignedIn } from './checks/signed-in.ts';
import { openEndedSessions } from './ended-sessions.ts';
import { feedsOf } from './feeds/feeds.ts';
import { finishSignIn } from './handlers/callback.ts';
import { addDevice } from './handlers/devices.ts';
import { feedDocument } from './handlers/feeds.ts';
import { healthDocument } from './handlers/health.ts';
import { icon } from './handlers/icons.ts';
import { launch } from './handlers/launches.ts';
import { leaseSync } from './handlers/lease-sync.ts';
import { pageToken } from './handlers/page-token.ts';
import { servePortal } from './handlers/portal.ts';
import { portalSession } from './handlers/session.ts';
import { startSignIn } from './handlers/sign-in.ts';
import { signOut } from './handlers/sign-out.ts';
import { workspaceTrust } from './handlers/trust.ts';
import { openIcons } from './icons.ts';
import { openIdentityProbe } from './identity-probe.ts';
import { openProviderWeb } from './provider-web.ts';
import { openSeenNames } from './seen-names.ts';
import { openSessions } from './sessions.ts';
import { openSignIn } from './sign-in/open-id.ts';
import { openStore, removeExpired } from './store.ts';
import type { WorkspaceContext } from './workspace-context.ts';

/** Concurrent requests: each waiting lease sync holds one. */
const IN_FLIGHT_MAX = 2_048;
const CLEAN_MS = 600_000;
const LOOK_MS = 10_000;
/** ms: nobody waits for the root of trust to be told */
const TELL_MS = 10_000;

export async function start(config: WorkspaceConfig, context: ServiceContext): Promise<RunningService> {
  const { log, metrics, signal, nowMs } = context;
  const component = await openEnrolled('workspace', config, context);
  const store = await openStore(config.database, log);
  const tenantKey = await keptSecret(store, 'workspace_secret', 'tenant-key', () => randomBytes(32).toString('base64url'));
  const site = readPortalSettings({ component, broker: config.broker, dataDir: config.dataDir, signal, log, metrics });
  const ended = openEndedSessions({ store, mark: timeMark(config.dataDir, 'latest-session-end'), now: () => Date.now(), log, metrics });
  await ended.check();
  const icons = openIcons();
  const cookies = openCookies(config.publicUrl.startsWith('https:'));
  const front = openFront(config);
  const web = openProviderWeb(config.signIn);
  const workspace: WorkspaceContext = {
    config,
    component,
    site,
    cookies,
    sourceOf: ({ raw }) => sourceKey(front.clientOf(raw)),
    sessions: openSessions({ store, cookies, ended, now: () => Date.now() }),
    store,
    signIn: openSignIn({
      ...config.signIn,
      clientSecret: readSecret(config.signIn.clientSecret),
      publicUrl: config.publicUrl,
      tenantKey,
      web,
    }),
    probe: openIdentityProbe(config.signIn.issuer, { web, now: () => Date.now(), signal, log }),
    seen: openSeenNames({
      send: (names) => cloudCall(component, config.rootOfTrust.url, CLOUD.tellNames, { names }, { signal, deadlineMs: TELL_MS }),
      now: () => performance.now(),
      signal,
      log,
    }),
    icons,
    feeds: feedsOf({ broker: config.broker, component, site, icons }),
    now: () => Date.now(),
    nowMs,
    log,
    linesOf: lineBudget(log),
  };
  const server = openServer({ log, metrics, front, inFlightMax: IN_FLIGHT_MAX, always: [HEALTH_PATH] });
  addRoutes(server, routes(workspace));
  await servePortal(server, config.portal);
  const address = await listen(server, config.listen);

  const cleaning = setInterval(() => {
    removeExpired(store, Date.now()).catch((err: unknown) => log.warn({ err }, 'Cannot remove old sessions.'));
  }, CLEAN_MS).unref();
  // It may be restored under a running service, too.
  const looking = setInterval(() => {
    ended.check().catch((err: unknown) => log.debug({ err }, 'Cannot look whether the database was restored.'));
  }, LOOK_MS).unref();
  signal.addEventListener('abort', () => {
    clearInterval(cleaning);
    clearInterval(looking);
  });
  return {
    address,
    checks: [{ name: 'database', run: store.check }, ...site.checks, rootCheck(component)],
    async stop() {
      await closeServer(server);
      await closeCloudConnections(component);
      await web.close();
      await store.close();
    },
  };
}

function routes(workspace: WorkspaceContext): Route[] {
  const ownPage = isOwnPage(workspace);
  const signedIn = isSignedIn(workspace);
  const inBudget = isWithinBudget(workspace);
  return [
    { method: 'GET', path: HEALTH_PATH, checks: [], handle: healthDocument(workspace) },
    { method: 'GET', path: '/.well-known/holdfast/trust', checks: [], handle: workspaceTrust(workspace) },
    { method: 'GET', path: '/auth/sign-in', checks: [], handle: startSignIn(workspace) },
    { method: 'GET', path: '/auth/callback', checks: [], handle: finishSignIn(workspace) },
    { method: 'POST', path: '/auth/sign-out', checks: [ownPage], handle: signOut(workspace) },
    { method: 'GET', path: '/api/v1/session', checks: [signedIn], handle: portalSession(workspace) },
    { method: 'GET', path: '/api/v1/feeds/:id', checks: [signedIn, inBudget], handle: feedDocument(workspace) },
    { method: 'GET', path: '/icons/:file', checks: [], handle: icon(workspace) },
    { method: 'POST', path: '/api/v1/launches', checks: [ownPage, signedIn, hasCsrfToken, inBudget], handle: launch(workspace) },
    { method: 'POST', path: '/api/v1/page-token', checks: [ownPage, signedIn, hasCsrfToken, inBudget], handle: pageToken(workspace) },
    { method: 'POST', path: '/api/v1/devices', checks: [ownPage, signedIn, hasCsrfToken, inBudget], handle: addDevice(workspace) },
    { method: 'POST', path: '/api/v1/lease-sync', checks: [], handle: leaseSync(workspace) },
  ];
}
