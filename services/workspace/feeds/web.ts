/** Web and SaaS links of the configuration (B-F1). They need no source, so they never fail. */
import type { FeedResource } from '#protocol/feed';
import type { WorkspaceConfig } from '#protocol/service-config';
import type { Icons } from '../icons.ts';
import type { Feed } from './feed.ts';

export function webFeed({ config, icons }: { config: WorkspaceConfig; icons: Icons }): Feed {
  const resources = config.webApps.map(
    ({ id, name, url, icon, folder }): FeedResource => ({
      id,
      name,
      kind: 'web',
      url,
      ...(folder !== undefined && { folder }),
      icon: icons.pathOf(icon ?? 'web'),
    }),
  );
  return { id: 'web', name: 'Web apps', list: async () => resources };
}
