/** What the page and its service worker say to each other. */
import * as v from 'valibot';
import { Cause } from '#protocol/causes';
import { FeedDocument } from '#protocol/feed';

/** On an answer that the worker made itself: why the Workspace's could not be had. The body is the kept copy, or empty. */
export const COPY_HEADER = 'holdfast-copy';
/** Tag of the periodic refresh. */
export const REFRESH_TAG = 'holdfast-feeds';

/** `REFRESH`: fetch and keep every list of the owner now. `WITNESS`: ask the Workspace; the reply, a boolean, goes to the port that comes with it. */
export const ToWorker = v.object({ type: v.picklist(['SKIP_WAITING', 'REFRESH', 'WITNESS']) });
export type ToWorker = v.InferOutput<typeof ToWorker>;

export const ToPage = v.variant('type', [
  /** a list that came after its deadline, or that no page asked for */
  v.object({ type: v.literal('document'), document: FeedDocument }),
  /** whether the last list could be kept; false: the storage is full */
  v.object({ type: v.literal('saved'), saved: v.boolean() }),
]);
export type ToPage = v.InferOutput<typeof ToPage>;

/** A cause that is not known here comes from another version's worker. */
export function causeOfCopy(words: string): Cause {
  return v.is(Cause, words) ? words : 'network';
}
