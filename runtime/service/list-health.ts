/** Health of trust: whether there is a revocation list (without it a part denies everything), its age (B-G5), and what the root of trust does wrong. */
import type { Component } from '../component/component.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Check } from './management.ts';

export function listCheck(component: Pick<Component, 'trust'>): Check {
  return {
    name: 'revocation-list',
    run: () => (component.trust().list === undefined ? 'There is no revocation list yet.' : undefined),
  };
}

/** Said, and no reason to take the service away from people: it goes on with what it holds. */
export function rootCheck(component: Pick<Component, 'complaint'>): Check {
  return { name: 'root-of-trust', isAdvice: true, run: component.complaint };
}

export function measureRoot(metrics: Metrics, component: Pick<Component, 'complaint'>): void {
  metrics.gauge('holdfast_root_of_trust_wrong', 'Whether the root of trust answers as it must not (see /readyz); 0 is well.', () =>
    component.complaint() === undefined ? 0 : 1,
  );
}

/** `now`: seconds since 1970. */
export function measureListAge(metrics: Metrics, component: Pick<Component, 'trust'>, now: () => number): void {
  metrics.gauge('holdfast_revocation_list_age_seconds', 'Age of the newest revocation list; -1 without one.', () => {
    const { list } = component.trust();
    return list === undefined ? -1 : now() - list.iat;
  });
}
