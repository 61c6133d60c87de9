/** What came of a request, and the first half of judging it: whether the Workspace gave what was asked for. */
import * as v from 'valibot';
import type { Cause } from '#protocol/causes';

/** The outcome of a request, before its content is judged. */
export type Answer =
  | { readonly is: 'lost'; readonly cause: Extract<Cause, 'network' | 'timeout'> }
  /** the worker's kept copy, or nothing, because of `cause` */
  | { readonly is: 'copy'; readonly cause: Cause; readonly text: string }
  | {
      readonly is: 'answer';
      readonly status: number;
      /** the marker header is present and the response came from the requested origin without a redirect */
      readonly ours: boolean;
      readonly contentType: string;
      readonly text: string;
    };

export type Failed = { readonly is: 'failed'; readonly cause: Cause };

/** A body of at most `maxBytes` characters that fits the schema, handed to `good`; else why there is none. */
export function judgeBody<S extends v.GenericSchema, R>(
  answer: Answer,
  schema: S,
  maxBytes: number,
  good: (body: v.InferOutput<S>) => R,
): R | Failed {
  if (answer.is !== 'answer') return { is: 'failed', cause: answer.cause };
  if (answer.status >= 500) return { is: 'failed', cause: 'server-error' };
  if (!answer.ours) return { is: 'failed', cause: 'not-ours' };
  if (answer.status === 401 || answer.status === 403) return { is: 'failed', cause: 'not-authenticated' };
  if (answer.status < 200 || answer.status > 299 || !answer.contentType.startsWith('application/json'))
    return { is: 'failed', cause: 'bad-document' };
  const body = readJson(schema, answer.text, maxBytes);
  return body === undefined ? { is: 'failed', cause: 'bad-document' } : good(body);
}

/**
 * JSON text of at most `maxBytes` characters as the schema's type, else `undefined`. Unlike `protocol/parse.ts` it never says what
 * was wrong, so the worker needs no catalogue of errors.
 */
export function readJson<S extends v.GenericSchema>(schema: S, text: string, maxBytes: number): v.InferOutput<S> | undefined {
  if (text.length > maxBytes) return undefined;
  try {
    const result = v.safeParse(schema, JSON.parse(text), { abortEarly: true, abortPipeEarly: true });
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}
