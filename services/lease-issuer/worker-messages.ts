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
}

/** To the worker: a new order, or the next part of the current one. */
export type ToWorker = { readonly say: 'order'; readonly order: BuildOrder } | { readonly say: 'more' };
/** From the worker: lines of the sync as text, each with its line break, and the leases among them; `done` resources so far. */
export type FromWorker = { readonly lines: string; readonly leases: number; readonly done: number; readonly last: boolean };
