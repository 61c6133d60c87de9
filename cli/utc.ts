/** A time in seconds as people read it on a terminal: `2026-11-30 08:15 UTC`. */
export function utc(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(0, 16).replace('T', ' ').concat(' UTC');
}
