/** A service's own place among the components: its keys and statement, enrolled at its first start. */
import { HoldfastError } from '#protocol/errors';
import type { RootOfTrustRef } from '#protocol/service-config';
import type { Role } from '#protocol/trust';
import { type Component, openComponent } from '../component/component.ts';
import { readSecret, type SecretRef } from './config.ts';
import type { BaseConfig, ServiceContext } from './run.ts';

export interface EnrolledConfig extends BaseConfig {
  readonly rootOfTrust: RootOfTrustRef;
  readonly join?: SecretRef | undefined;
  readonly location?: string;
}

export function openEnrolled(role: Role, config: EnrolledConfig, { signal, log }: ServiceContext): Promise<Component> {
  const join = config.join === undefined ? undefined : readJoin(config.join);
  return openComponent({
    role,
    id: config.id,
    ...(config.location !== undefined && { location: config.location }),
    dataDir: config.dataDir,
    rootOfTrust: config.rootOfTrust,
    ...(join !== undefined && { join }),
    signal,
    log: { info: (message) => log.info({}, message), warn: (message) => log.warn({}, message) },
  });
}

/** The join token is needed once; afterwards its file may be gone. */
function readJoin(join: SecretRef): string | undefined {
  try {
    return readSecret(join);
  } catch (thrown) {
    if (thrown instanceof HoldfastError) return undefined;
    throw thrown;
  }
}
