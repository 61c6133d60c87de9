/** Scheme, host and port of an address; '' where it has none. */
export function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : '';
}
