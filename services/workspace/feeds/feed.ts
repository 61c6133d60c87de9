/** A source of resources. Each has its own deadline, its own state and its own fault (B-W2, B-F4). */
import type { FeedResource } from '#protocol/feed';
import type { User } from '#protocol/primitives';

export interface Feed {
  readonly id: string;
  readonly name: string;
  /** Throws a `HoldfastError` when its source does not answer in time or not well. */
  list(user: User, options: { readonly signal: AbortSignal; readonly correlationId: string }): Promise<readonly FeedResource[]>;
}
