/** A service's own place among the components: its keys and statement, enrolled at its first start. */
import type { RootOfTrustRef } from '#protocol/service-config';
import type { Role } from '#protocol/trust';
import { type Component, openComponent } from '../component/component.ts';
import { readSecret, type SecretRef } from './config.ts';
import { measureRoot } from './list-health.ts';
import type { BaseConfig, ServiceContext } from './run.ts';

export interface EnrolledConfig extends BaseConfig {
  readonly rootOfTrust: RootOfTrustRef;
  readonly join?: SecretRef | undefined;
  readonly location?: string;
}

/** Throws what `openComponent` does, and `bad_config` when the join token is needed and can’t be read. */
export async function openEnrolled(role: Role, config: EnrolledConfig, { signal, log, metrics }: ServiceContext): Promise<Component> {
  const { join } = config;
  const component = await openComponent({
    role,
    id: config.id,
    ...(config.location !== undefined && { location: config.location }),
    dataDir: config.dataDir,
    rootOfTrust: config.rootOfTrust,
    // The join token is needed once; its file may be deleted afterwards.
    ...(join !== undefined && { join: () => readSecret(join).trim() }),
    signal,
    log,
  });
  measureRoot(metrics, component);
  return component;
}
