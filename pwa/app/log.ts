/** The page's log for "Download logs": events, never a token, a key, a ticket or a list's content. */
export interface Log {
  say(what: string, correlationId?: string): void;
  readonly lines: readonly string[];
}

const KEPT = 1_000;

export function openLog(now: () => number): Log {
  const lines: string[] = [];
  return {
    lines,
    say: (what, correlationId) => {
      lines.push(`${new Date(now()).toISOString()} portal ${correlationId ?? '-'} ${what}`.slice(0, 2_000));
      if (lines.length > KEPT) lines.shift();
    },
  };
}
