/** Web and SaaS links of the site document (B-F1). They need no source but the copy of it. */
import type { FeedResource } from '#protocol/feed';
import type { Icons } from '../icons.ts';
import type { WorkspaceContext } from '../workspace-context.ts';
import type { Feed } from './feed.ts';

export interface WebFeedOptions extends Pick<Feed, 'id' | 'name'> {
  readonly site: Pick<WorkspaceContext['site'], 'current'>;
  readonly icons: Icons;
}

export function webFeed({ id, name, site, icons }: WebFeedOptions): Feed {
  const resources = () =>
    site.current().webApps.map(
      ({ folder, icon, ...link }): FeedResource => ({
        ...link,
        kind: 'web',
        ...(folder !== undefined && { folder }),
        icon: icons.pathOf(icon ?? 'web'),
      }),
    );
  return { id, name, list: async () => resources() };
}
