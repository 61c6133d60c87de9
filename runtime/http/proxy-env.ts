/** The proxy that the environment names for a URL, by the conventions of `curl`: `HTTPS_PROXY` and `NO_PROXY`, in lower case first. */
import { BlockList, isIP } from 'node:net';

export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

/** Of this machine alone: a proxy elsewhere would mean another. */
const LOOPBACK = /^(?:(?:.*\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/u;

/** For `https` only: what is not, never leaves this machine. Without a scheme it is `http://`. */
export function proxyFor(url: string, env: ProxyEnvironment): string | undefined {
  const { protocol, hostname, port } = new URL(url);
  const named = env['https_proxy'] || env['HTTPS_PROXY'];
  if (protocol !== 'https:' || !named || LOOPBACK.test(hostname)) return undefined;
  const exceptions = (env['no_proxy'] || env['NO_PROXY'] || '').split(/[\s,]+/u).filter((entry) => entry !== '');
  if (exceptions.some((entry) => isMeantBy(entry.toLowerCase(), hostname, port === '' ? '443' : port))) return undefined;
  return named.includes('://') ? named : `http://${named}`;
}

/** `*`, a host and all below it (with or without a dot before it), an address or a block of them, each with a port or without. */
function isMeantBy(entry: string, hostname: string, port: string): boolean {
  if (entry === '*') return true;
  const host = hostname.replace(/^\[|\]$/gu, '');
  if (isIP(host) !== 0) return isAddressIn(entry, host);
  const [name = '', only] = entry.split(':');
  const domain = name.replace(/^\*?\./u, '');
  return (only === undefined || only === port) && (host === domain || host.endsWith(`.${domain}`));
}

function isAddressIn(entry: string, address: string): boolean {
  const [from = '', bits] = entry.split('/');
  const family = isIP(from) === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  try {
    if (bits === undefined) list.addAddress(from, family);
    else list.addSubnet(from, Number(bits), family);
  } catch {
    return false;
  }
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
