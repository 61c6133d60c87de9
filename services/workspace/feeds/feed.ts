/** A source of resources. Each has its own deadline, its own state and its own fault (B-W2, B-F4). */
import type * as v from 'valibot';
import type { CLOUD } from '#protocol/cloud-api';
import type { FeedResource } from '#protocol/feed';
import type { ResourceRef, User } from '#protocol/primitives';

export interface FeedOptions {
  readonly signal: AbortSignal;
  readonly correlationId: string;
}
export type Admission = v.InferOutput<typeof CLOUD.admit.reply>;

export interface Feed {
  /** names its resources together with their own ids; written into leases and tickets by whoever publishes them */
  readonly id: string;
  readonly name: string;
  /** Throws a `HoldfastError` when its source does not answer in time or not well. */
  list(user: User, options: FeedOptions): Promise<readonly FeedResource[]>;
  /**
   * Asks its source whether the person may open a resource of it now; absent: nothing of this feed is launched.
   * Throws what the source refuses with.
   */
  admit?(user: User, resource: ResourceRef, options: FeedOptions & { readonly deadlineMs: number }): Promise<Admission>;
}
