/** The parts of a launch. */
import type { LaunchNews, LaunchSettings } from '#core/machines/launch-states';
import type { Candidate } from '#core/placement/candidates';
import type { Granted } from '#protocol/channel';
import type { HoldfastError } from '#protocol/errors';
import type { HostEvent } from '#protocol/host';
import type { LaunchFile, LeasedResource, LeaseLocation } from '#protocol/lease';
import type { ResourceRef } from '#protocol/primitives';
import type { HostConfig } from '#protocol/vault';
import type { DeviceKey } from '#runtime/jose/sign';
import type { DeviceClock } from '../clock.ts';
import type { HostLog } from '../log.ts';
import type { Reachabilities } from '../reachability.ts';
import type { KnownTrust, TrustRecord } from '../trust-record.ts';
import type { Owner } from '../vault/names.ts';
import type { Vault } from '../vault/vault.ts';
import type { PresentTo } from './present.ts';

export interface LaunchOrder {
  readonly owner: Owner;
  readonly resource: ResourceRef;
  readonly correlationId: string;
  readonly launchFile?: LaunchFile | undefined;
}

export interface LaunchContext {
  readonly home: string;
  readonly config: HostConfig;
  readonly clock: DeviceClock;
  readonly trust: TrustRecord;
  readonly log: HostLog;
  readonly vaultOf: (owner: Owner) => Promise<Vault>;
  /** what is known of the owner's root of trust; `online`: the Workspace may be asked */
  readonly trustFor: (owner: Owner, online: boolean) => Promise<KnownTrust | undefined>;
  readonly emit: (event: HostEvent) => void;
  /** learns what came of the launch */
  readonly reachabilities: Pick<Reachabilities, 'refused' | 'doubt' | 'opened'>;
  readonly settings: LaunchSettings;
}

/** What can be redeemed, from a ticket or a lease. */
export interface Credential {
  readonly resource: LeasedResource;
  readonly locations: readonly LeaseLocation[];
  readonly candidates: readonly Candidate[];
  readonly present: (key: DeviceKey) => PresentTo;
}

export interface Grant {
  readonly granted: Granted;
  readonly by: Candidate;
  readonly credential: Credential;
}

/** An event for the machine, with the error that caused it. */
export interface Happened {
  readonly event: LaunchNews;
  readonly error?: HoldfastError;
}

export function happening(event: LaunchNews, error?: HoldfastError): Happened {
  return error === undefined ? { event } : { event, error };
}

/** "Zurich, direct" or "Zurich, by gateway gateway-1". */
export function placeOf({ by: { location, route, id }, credential }: Grant): string {
  const name = credential.locations.find((place) => place.id === location)?.name ?? location;
  return route === 'direct' ? `${name}, direct` : `${name}, by gateway ${id}`;
}
