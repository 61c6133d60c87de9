/** Cookies of our services: HttpOnly, SameSite=Lax, with the prefix `__Host-` where there is TLS. */

export interface Cookies {
  /** the value in a `Cookie` header */
  read(header: string | undefined, name: string): string | undefined;
  /** the names in a `Cookie` header that begin like that, in its order */
  namesOf(header: string | undefined, beginning: string): readonly string[];
  /** a `Set-Cookie` value */
  set(name: string, value: string, maxAgeSeconds: number): string;
  /** the `Set-Cookie` value that takes it away */
  remove(name: string): string;
}

/** `secure`: behind TLS. The prefix makes browsers refuse a cookie from a subdomain or without TLS; on plain HTTP it is not allowed. */
export function openCookies(secure: boolean): Cookies {
  const prefix = secure ? '__Host-' : '';
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  const set: Cookies['set'] = (name, value, maxAgeSeconds) => `${prefix}${name}=${value}; ${attributes}; Max-Age=${maxAgeSeconds}`;
  return {
    read: (header, name) => pairsOf(header).find(([key]) => key === `${prefix}${name}`)?.[1],
    namesOf: (header, beginning) =>
      pairsOf(header).flatMap(([key]) => (key.startsWith(`${prefix}${beginning}`) ? [key.slice(prefix.length)] : [])),
    set,
    remove: (name) => set(name, '', 0),
  };
}

function pairsOf(header: string | undefined): (readonly [name: string, value: string])[] {
  return (header ?? '').split(';').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at > 0 ? [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const] : [];
  });
}
