/** Who a connection is charged to. */
import { isIPv6 } from 'node:net';

/** The source of a connection: its peer's address, an IPv6 network as a whole. */
export function sourceOf({ remoteAddress }: { readonly remoteAddress?: string | undefined }): string {
  return sourceKey(remoteAddress ?? '');
}

/** An IPv6 customer has a whole /64 to connect from: it counts as one source, however its addresses are abbreviated. */
export function sourceKey(address: string): string {
  const plain = address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
  return isIPv6(plain) ? network64(plain) : plain;
}

/** The first four of the eight groups, written out. */
function network64(address: string): string {
  const [head = '', tail] = (address.split('%', 1)[0] ?? '').split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const between = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  return [...before, ...Array.from({ length: between }, () => '0'), ...after]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
