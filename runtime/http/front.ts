/**
 * The way by which browsers reach a listener without TLS: directly on this machine, or through proxies that the configuration names.
 * Whoever is no such proxy says nothing that counts: not an address, not a name, not a scheme.
 */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv6 } from 'node:net';
import { HoldfastError } from '#protocol/errors';

export interface FrontConfig {
  readonly publicUrl: string;
  /** addresses and CIDR blocks */
  readonly trustedProxies: readonly string[];
}

export interface Front {
  /** sent with every answer */
  readonly headers: Readonly<Record<string, string>>;
  /** Throws `bad_request` for a request that was not meant for us, or did not come by TLS where it has to. */
  check(request: IncomingMessage): void;
  /** the address that the request comes from: the last one that no trusted proxy has */
  clientOf(request: IncomingMessage): string;
}

/** A browser that has seen it once never asks by plain HTTP again; two years is what preload lists want. */
const HSTS = 'max-age=63072000';

/** Throws `bad_config` when the public URL is `https` and no proxy is named that would make it so. */
export function openFront({ publicUrl, trustedProxies }: FrontConfig): Front {
  const { protocol, host } = new URL(publicUrl);
  const overTls = protocol === 'https:';
  if (overTls && trustedProxies.length === 0) throw new HoldfastError('bad_config', { reason: 'no-trusted-proxy', url: publicUrl });
  const isProxy = openProxies(trustedProxies);
  return {
    headers: {
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      ...(overTls && { 'strict-transport-security': HSTS }),
    },
    check(request) {
      mustBeClear(request);
      const { headers, socket } = request;
      const proxied = isProxy(socket.remoteAddress);
      const asked = (proxied ? headers['x-forwarded-host'] : undefined) ?? headers.host;
      if (hostOf(String(asked), protocol) !== host) throw new HoldfastError('bad_request', { reason: 'other-host' });
      const plain = proxied ? headers['x-forwarded-proto'] === 'http' : true;
      if (overTls && plain) throw new HoldfastError('bad_request', { reason: 'plain-http' });
    },
    clientOf({ headers, socket }) {
      const own = socket.remoteAddress ?? '';
      if (!isProxy(own)) return own;
      const hops = String(headers['x-forwarded-for'] ?? '')
        .split(',')
        .map((hop) => hop.trim());
      return hops.findLast((hop) => hop !== '' && !isProxy(hop)) ?? own;
    },
  };
}

/** A `Host` header as the URL has it: in lower case, and without the port that the scheme has anyway. */
function hostOf(header: string, protocol: string): string {
  return header.toLowerCase().replace(protocol === 'https:' ? /:443$/u : /:80$/u, '');
}

const SINGLE: ReadonlySet<string> = new Set(['host', 'x-forwarded-host', 'x-forwarded-proto', 'origin', 'content-type', 'authorization']);

/**
 * A header of which two parts could read different ones, and a target that brings a host of its own, are refused (RFC 9112, 3.2).
 * Throws `bad_request`.
 */
export function mustBeClear({ rawHeaders, url }: Pick<IncomingMessage, 'rawHeaders' | 'url'>): void {
  const names = rawHeaders.flatMap((name, at) => (at % 2 === 0 && SINGLE.has(name.toLowerCase()) ? [name.toLowerCase()] : []));
  if (new Set(names).size !== names.length) throw new HoldfastError('bad_request', { reason: 'header-twice' });
  if (!/^\/(?!\/)/u.test(url ?? '')) throw new HoldfastError('bad_request', { reason: 'no-path' });
}

function openProxies(trusted: readonly string[]): (address: string | undefined) => boolean {
  const list = new BlockList();
  for (const entry of trusted) {
    const [address = '', bits] = entry.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    try {
      if (bits === undefined) list.addAddress(address, family);
      else list.addSubnet(address, Number(bits), family);
    } catch (cause) {
      throw new HoldfastError('bad_config', { reason: 'proxy-address', found: entry }, { cause });
    }
  }
  // BlockList finds an IPv4 address in its IPv6 form (`::ffff:`), too.
  return (address) => address !== undefined && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
