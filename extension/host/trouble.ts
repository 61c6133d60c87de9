/** What a closed native port means. Browsers distinguish the cases only by these messages. */
import { HoldfastError } from '#protocol/errors';

export type HostTrouble = 'missing' | 'forbidden' | 'crashed' | 'version';

const TABLE: readonly (readonly [RegExp, HostTrouble])[] = [
  [/host not found|No such native application|is not registered/iu, 'missing'],
  [/forbidden|not allowed|does not have permission/iu, 'forbidden'],
];

/** Everything else (exited, failed to start, broke the framing, no message at all) counts as a stopped host. */
export function troubleOf(words: string): HostTrouble {
  return TABLE.find(([pattern]) => pattern.test(words))?.[1] ?? 'crashed';
}

const CODES = { missing: 'host_missing', crashed: 'host_crashed', version: 'host_version' } as const;

/** The refusal for requests meanwhile. `extension`: our id. */
export function troubleError(trouble: HostTrouble, extension: string, correlationId: string): HoldfastError {
  if (trouble === 'forbidden')
    return new HoldfastError('forbidden_caller', { reason: 'other-extension', id: extension }, { correlationId });
  return new HoldfastError(CODES[trouble], undefined, { correlationId });
}
