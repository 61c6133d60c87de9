/** The extension's log: a ring kept in session storage. */
import * as v from 'valibot';
import { withoutSecrets } from '#core/without-secrets';

/** Newest lines kept. 400 lines are about 40 KB of session storage. */
const KEPT = 400;

export interface Log {
  write(text: string): void;
  lines(): readonly string[];
}

/** `save` is called with the whole ring after each line; `kept` is its last argument. `now` is in milliseconds since 1970. */
export function createLog(now: () => number, kept: unknown, save: (lines: readonly string[]) => void): Log {
  let lines: readonly string[] = v.parse(v.fallback(v.array(v.string()), []), kept).slice(-KEPT);
  return {
    write(text) {
      lines = [...lines, `${new Date(now()).toISOString()} extension ${withoutSecrets(text)}`].slice(-KEPT);
      save(lines);
    },
    lines: () => lines,
  };
}
