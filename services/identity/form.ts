/** A submitted form: small, and URL-encoded as browsers send it. */
import type { IncomingMessage } from 'node:http';
import { HoldfastError } from '#protocol/errors';

const FORM_BYTES = 8_192;

/** Throws `bad_request`, `too_large`. */
export async function readForm(request: IncomingMessage): Promise<Record<string, string>> {
  if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
    throw new HoldfastError('bad_request', { reason: 'no-form' });
  let size = 0;
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) {
    size += chunk.length;
    if (size > FORM_BYTES) throw new HoldfastError('too_large');
    chunks.push(chunk);
  }
  return Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
}
