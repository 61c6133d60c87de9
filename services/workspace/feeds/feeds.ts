/** Every feed that this Workspace has, in the order in which the portal lists them. A further one is a line here, and its kind a file. */
import { BROKER_FEED } from '#protocol/feed';
import type { WorkspaceContext } from '../workspace-context.ts';
import { brokerFeed } from './broker.ts';
import type { Feed } from './feed.ts';
import { webFeed } from './web.ts';

export function feedsOf({
  broker,
  component,
  site,
  icons,
}: Pick<WorkspaceContext, 'component' | 'site' | 'icons'> & { broker: string }): readonly Feed[] {
  return [
    brokerFeed({ id: BROKER_FEED, name: 'Apps and desktops', broker, component, icons }),
    webFeed({ id: 'web', name: 'Web apps', site, icons }),
  ];
}
