/** Web and SaaS links of the configuration (B-F1). They need no source, so they never fail. */
import type { FeedResource } from '#protocol/feed';
import type { WorkspaceConfig } from '#protocol/service-config';
import type { Icons } from '../icons.ts';
import type { Feed } from './feed.ts';

export interface WebFeedOptions extends Pick<Feed, 'id' | 'name'>, Pick<WorkspaceConfig, 'webApps'> {
  readonly icons: Icons;
}

export function webFeed({ id, name, webApps, icons }: WebFeedOptions): Feed {
  const resources = webApps.map(
    ({ folder, icon, ...link }): FeedResource => ({
      ...link,
      kind: 'web',
      ...(folder !== undefined && { folder }),
      icon: icons.pathOf(icon ?? 'web'),
    }),
  );
  return { id, name, list: async () => resources };
}
