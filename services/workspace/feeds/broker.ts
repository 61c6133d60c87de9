/** A broker's feed: apps and desktops (B-F1). */
import { CLOUD } from '#protocol/cloud-api';
import { HoldfastError } from '#protocol/errors';
import type { Component } from '#runtime/component/component';
import { cloudCall } from '#runtime/http/cloud-client';
import type { Icons } from '../icons.ts';
import type { Feed } from './feed.ts';

/** ms: the portal waits 1.5 s for a feed */
const DEADLINE_MS = 1_200;

export interface BrokerFeedOptions extends Pick<Feed, 'id' | 'name'> {
  /** base URL */
  readonly broker: string;
  readonly component: Component;
  readonly icons: Icons;
}

export function brokerFeed({ id, name, broker, component, icons }: BrokerFeedOptions): Feed {
  return {
    id,
    name,
    async list(user, options) {
      const found = await cloudCall(component, broker, CLOUD.enumerate, { user }, { ...options, deadlineMs: DEADLINE_MS });
      if (found.feed !== id) throw new HoldfastError('bad_config', { reason: 'other-feed', expected: id, found: found.feed });
      return found.resources.map((resource) => ({ ...resource, icon: icons.pathOf(found.icons?.[resource.id] ?? resource.kind) }));
    },
    admit: (user, resource, options) => cloudCall(component, broker, CLOUD.admit, { user, resource }, options),
  };
}
