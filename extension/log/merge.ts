/** Merges all lines into one file, by time and without secrets (B-E8). */
import { withoutSecrets } from '#core/without-secrets';

/** Milliseconds of a line that begins with an ISO time or is JSON with a `time`; null when it has none. */
function timeOf(line: string): number | null {
  const iso = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/u.exec(line)?.[0];
  if (iso !== undefined) return Date.parse(iso);
  const millis = /"time":(\d{12,14})/u.exec(line)?.[1];
  return millis === undefined ? null : Number(millis);
}

/** One text of all lines by time. A line without a time stays after the line before it. */
export function mergeLogs(parts: readonly (readonly string[])[]): string {
  const timed = parts.flatMap((lines) => {
    let last = 0;
    return lines.map((line) => {
      last = timeOf(line) ?? last;
      return { at: last, line: withoutSecrets(line) };
    });
  });
  return `${timed
    .sort((a, b) => a.at - b.at)
    .map((one) => one.line)
    .join('\n')}\n`;
}
