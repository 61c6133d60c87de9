/** Reads an answer whole, within a size and a time, to be judged. Used by the page and the worker. */
import { LIMITS } from '#protocol/limits';
import type { Answer } from './answer.ts';
import { COPY_HEADER, causeOfCopy } from './worker-protocol.ts';
import { isWorkspaceResponse } from './workspace-response.ts';

/** Upper bound for requests without a deadline that people notice; those belong to the state machines. Milliseconds. */
export const PATIENCE_MS = 10_000;

/** `late`: what gives the request up when its time is over. */
export async function receive(asked: Promise<Response>, late: AbortSignal): Promise<Answer> {
  try {
    const response = await asked;
    const text = await textOf(response, LIMITS.feedBytes);
    // Only what a worker made is of this type, so nobody on the network can claim to be our copy.
    const copy = response.type === 'default' ? response.headers.get(COPY_HEADER) : null;
    if (copy !== null) return { is: 'copy', cause: causeOfCopy(copy), text };
    return {
      is: 'answer',
      status: response.status,
      ours: isWorkspaceResponse(response),
      contentType: response.headers.get('content-type') ?? '',
      text,
    };
  } catch {
    return { is: 'lost', cause: late.aborted ? 'timeout' : 'network' };
  }
}

/** The body, aborted once it exceeds the limit. */
async function textOf(response: Response, maxBytes: number): Promise<string> {
  if (response.body === null) return '';
  const parts: string[] = [];
  let size = 0;
  const decoder = new TextDecoder();
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > maxBytes) {
      await reader.cancel();
      return '';
    }
    parts.push(decoder.decode(value, { stream: true }));
  }
  return parts.join('') + decoder.decode();
}
