/** The broker's own feed: apps and desktops (B-F1). */
import { CLOUD } from '#protocol/cloud-api';
import type { WorkspaceConfig } from '#protocol/service-config';
import type { Component } from '#runtime/component/component';
import { cloudCall } from '#runtime/http/cloud-client';
import type { Icons } from '../icons.ts';
import type { Feed } from './feed.ts';

/** ms: the portal waits 1.5 s for a feed */
const DEADLINE_MS = 1_200;

export function appsFeed({ config, component, icons }: { config: WorkspaceConfig; component: Component; icons: Icons }): Feed {
  return {
    id: 'apps',
    name: 'Apps and desktops',
    async list(user, options) {
      const found = await cloudCall(component, config.broker, CLOUD.enumerate, { user }, { ...options, deadlineMs: DEADLINE_MS });
      return found.resources.map((resource) => ({ ...resource, icon: icons.pathOf(found.icons?.[resource.id] ?? resource.kind) }));
    },
  };
}
