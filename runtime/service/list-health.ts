/** Health of the revocation list: whether there is one (without it a part denies everything), and its age (B-G5). */
import type { Component } from '../component/component.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Check } from './management.ts';

export function listCheck(component: Pick<Component, 'trust'>): Check {
  return {
    name: 'revocation-list',
    run: () => (component.trust().list === undefined ? 'There is no revocation list yet.' : undefined),
  };
}

/** `now`: seconds since 1970. */
export function measureListAge(metrics: Metrics, component: Pick<Component, 'trust'>, now: () => number): void {
  metrics.gauge('holdfast_revocation_list_age_seconds', 'Age of the newest revocation list; -1 without one.', () => {
    const { list } = component.trust();
    return list === undefined ? -1 : now() - list.iat;
  });
}
