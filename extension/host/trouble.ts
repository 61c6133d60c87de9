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

const CODES = { missing: 'host_missing', forbidden: 'forbidden_caller', crashed: 'host_crashed', version: 'host_version' } as const;

/** The refusal for requests meanwhile. `extension`: our id; `words`: the browser's message, used where ours say less. */
export function troubleError(trouble: HostTrouble, extension: string, words: string, correlationId: string): HoldfastError {
  return new HoldfastError(CODES[trouble], detailOf(trouble, extension, words), { correlationId });
}

function detailOf(trouble: HostTrouble, extension: string, words: string): string | undefined {
  switch (trouble) {
    case 'missing':
      return undefined;
    case 'forbidden':
      return `The Holdfast host was set up for another extension than ${extension}.`;
    case 'crashed':
    case 'version':
      return words === '' ? undefined : words.slice(0, 200);
  }
}
