/** What every handler of the Workspace works with. */

import type { FastifyRequest } from 'fastify';
import type { WorkspaceConfig } from '#protocol/service-config';
import type { PortalSettings } from '#protocol/site-document';
import type { Component } from '#runtime/component/component';
import type { Cookies } from '#runtime/http/cookies';
import type { LinesOf } from '#runtime/log/line-budget';
import type { Log } from '#runtime/log/log';
import type { SiteReader } from '#runtime/site/reader';
import type { Feed } from './feeds/feed.ts';
import type { Icons } from './icons.ts';
import type { IdentityProbe } from './identity-probe.ts';
import type { SeenNames } from './seen-names.ts';
import type { Sessions } from './sessions.ts';
import type { SignIn } from './sign-in/open-id.ts';
import type { Store } from './store.ts';

export interface WorkspaceContext {
  readonly config: WorkspaceConfig;
  readonly component: Component;
  readonly site: SiteReader<PortalSettings>;
  readonly cookies: Cookies;
  /** whom a request is charged to */
  readonly sourceOf: (request: Pick<FastifyRequest, 'raw'>) => string;
  readonly sessions: Sessions;
  readonly store: Store;
  readonly signIn: SignIn;
  readonly probe: IdentityProbe;
  readonly seen: SeenNames;
  readonly icons: Icons;
  readonly feeds: readonly Feed[];
  /** ms since 1970 */
  readonly now: () => number;
  /** ms of a clock that never goes back */
  readonly nowMs: () => number;
  readonly log: Log;
  /** of what anybody may have refused */
  readonly linesOf: LinesOf;
}
