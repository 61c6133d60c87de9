/** Messages between main thread and worker. */
import type { Leasable } from '#core/access/resolve';
import type { IssuingFor } from '#core/lease/build';
import type { Ed25519PrivateJwk, P256Jwk } from '#protocol/jose';

export interface BuildOrder {
  readonly target: IssuingFor;
  readonly leasable: readonly Leasable[];
  readonly issuerKey: Ed25519PrivateJwk;
  /** location -> keys that its connectors open with */
  readonly locationKeys: Readonly<Record<string, readonly P256Jwk[]>>;
  /** of the set so far (core/lease/lease-set.ts) */
  readonly digest: string;
}

/** To the worker: a new order, or the next part of the current one. */
export type ToWorker = { readonly say: 'order'; readonly order: BuildOrder } | { readonly say: 'more' };
/** From the worker: lines of the sync as text, each with its line break, and the leases among them. */
export interface FromWorker {
  readonly lines: string;
  readonly leases: number;
  /** of the set up to here */
  readonly digest: string;
  /** resources so far */
  readonly done: number;
  readonly last: boolean;
}
