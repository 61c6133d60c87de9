/** One kept list, as it stands in Cache Storage: written by the worker, read by the page. */
import * as v from 'valibot';
import { FeedDocument, type FeedResource } from '#protocol/feed';
import { LIMITS } from '#protocol/limits';
import { readJson } from './answer.ts';

/** The resources were parsed one by one before they were kept; parsing them again would delay the first paint. */
const Kept = v.object({
  keptAt: v.number(),
  document: v.object({ ...FeedDocument.entries, resources: v.custom<FeedResource[]>(Array.isArray) }),
});

export function copyText(document: FeedDocument, keptAt: number): string {
  return JSON.stringify({ keptAt, document });
}

/** `undefined`: another person's or feed's, or unreadable */
export function copyOf(text: string, subject: string, feed: string): FeedDocument | undefined {
  const document = readJson(Kept, text, LIMITS.feedBytes)?.document;
  return document?.subject === subject && document.feed === feed ? document : undefined;
}
