/** Judges a feed's answer, the same way in the page and in the worker. */
import { FeedDocument } from '#protocol/feed';
import { LIMITS } from '#protocol/limits';
import { type Answer, type Failed, judgeBody } from './answer.ts';
import { copyOf } from './copy.ts';

export type FeedVerdict =
  | { readonly is: 'document' | 'emptied'; readonly document: FeedDocument }
  | (Failed & { readonly copy?: FeedDocument | undefined });

/**
 * One feed. The document must belong to the requested feed and the expected person; an empty one is a case of its own, because it may
 * remove a good copy and so must be confirmed by the session.
 */
export function judgeFeed(answer: Answer, feed: string, subject: string): FeedVerdict {
  if (answer.is === 'copy') return { is: 'failed', cause: answer.cause, copy: copyOf(answer.text, subject, feed) };
  return judgeBody(answer, FeedDocument, LIMITS.feedBytes, (document): FeedVerdict => {
    if (document.feed !== feed) return { is: 'failed', cause: 'bad-document' };
    if (document.subject !== subject) return { is: 'failed', cause: 'not-authenticated' };
    return { is: document.resources.length === 0 ? 'emptied' : 'document', document };
  });
}
