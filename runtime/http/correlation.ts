/** The id that follows one request through every part: the caller's if well formed, else a new one. */
import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { CorrelationId } from '#protocol/primitives';

export function correlationIdOf(header: unknown): string {
  return v.is(CorrelationId, header) ? header : randomUUID();
}
