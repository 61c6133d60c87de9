/**
 * The URL of a PostgreSQL database, as libpq reads it: several hosts, a socket's folder as host, `sslmode`. More is taken than libpq does:
 * characters of a password need not be encoded. What is not understood is refused, never left out: it may be what makes a connection safe.
 */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import type { PoolConfig } from 'pg';
import * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { Origin } from '#protocol/primitives';
import { unreadable } from '../files/readable.ts';

/** `hosts` in the order in which they are asked; what is missing is left to the client's own defaults. */
export interface PostgresUrl {
  readonly hosts: readonly { readonly host: string; readonly port: number | undefined; readonly ssl: PoolConfig['ssl'] }[];
  readonly account: Pick<PoolConfig, 'user' | 'password' | 'database' | 'options' | 'application_name'>;
}

const SHAPE =
  /^postgres(?:ql)?:\/\/(?:(?<user>[^:@/]*)(?::(?<password>.*?))?@)?(?<hosts>[^@/?#]*)(?:\/(?<database>[^@/?]*))?(?:\?(?<query>(?:\w+=[^&]*(?:&|$))*))?$/su;
const HOST = /^(?:\[(?<address>[\da-f:.]+)\]|(?<name>[^:[\]]*))(?::(?<port>\d{1,5}))?$/iu;
const PORT_MAX = 65_535;
const KNOWN = [
  'application_name',
  'dbname',
  'host',
  'options',
  'password',
  'port',
  'sslcert',
  'sslkey',
  'sslmode',
  'sslrootcert',
  'target_session_attrs',
  'user',
];
/** Only a host that takes writes is used, whichever of these is asked for. */
const TARGETS = ['any', 'primary', 'read-write'];

type Query = ReadonlyMap<string, string>;

/** Throws `bad_config`, which never shows the URL: it holds a password. That of a host elsewhere that would be reached without TLS, too. */
export function parsePostgresUrl(url: string): PostgresUrl {
  const parts = SHAPE.exec(url.trim())?.groups;
  if (parts === undefined) throw wrong('address', 'postgres://USER:PASSWORD@HOST:PORT/NAME');
  const query: Query = new Map((parts['query'] ?? '').split('&').filter(Boolean).map(pairOf));
  const unknown = [...query.keys()].find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) throw wrong(unknown, `one of ${KNOWN.join(', ')}`);
  if (!TARGETS.includes(query.get('target_session_attrs') ?? 'any')) throw wrong('target_session_attrs', TARGETS.join(', '));
  return {
    hosts: hostsOf(query.get('host') ?? parts['hosts'] ?? '', query.get('port'), sslOf(query)),
    account: {
      user: query.get('user') ?? decoded(parts['user']),
      password: query.get('password') ?? decoded(parts['password']),
      database: query.get('dbname') ?? decoded(parts['database']),
      options: query.get('options'),
      application_name: query.get('application_name'),
    },
  };
}

function hostsOf(list: string, ports: string | undefined, asked: PoolConfig['ssl']): PostgresUrl['hosts'] {
  const given = ports?.split(',') ?? [];
  return list.split(',').map((text, at) => {
    const { address, name, port = given[at] ?? given[0] } = HOST.exec(text)?.groups ?? wrongHost();
    if (port !== undefined && !(Number(port) > 0 && Number(port) <= PORT_MAX)) throw wrong('port', `1 to ${PORT_MAX}`);
    const host = address ?? decoded(name) ?? process.env['PGHOST'] ?? 'localhost';
    const ssl = asked ?? (isThisMachine(host) ? undefined : true);
    if (ssl === false && !isThisMachine(host)) throw new HoldfastError('bad_config', { reason: 'database-plain', host });
    return { host, port: port === undefined ? undefined : Number(port), ssl };
  });
}

function wrongHost(): never {
  throw wrong('host', 'HOST:PORT,HOST:PORT');
}

/** A path is that of a Unix socket. */
function isThisMachine(host: string): boolean {
  return host.startsWith('/') || v.is(Origin, `http://${isIPv6(host) ? `[${host}]` : host}`);
}

/** Nothing is encrypted without knowing for whom: `require` without authorities is `verify-full`, with them `verify-ca` as libpq has it. */
function sslOf(query: Query): PoolConfig['ssl'] {
  const authority = query.get('sslrootcert');
  const mode = query.get('sslmode') ?? (authority === undefined ? undefined : 'verify-full');
  if (mode === undefined || mode === 'disable') return mode && false;
  const own = { cert: fileOf(query.get('sslcert')), key: fileOf(query.get('sslkey')) };
  const ca = authority === 'system' ? undefined : fileOf(authority);
  if (ca !== undefined) demandCertificates(ca);
  const isNamed = mode === 'verify-full' || (mode === 'require' && ca === undefined);
  if (isNamed) return { ...own, ca };
  if (mode !== 'verify-ca' && mode !== 'require') throw wrong('sslmode', 'disable, require, verify-ca or verify-full');
  if (ca === undefined) throw wrong('sslrootcert', 'a file');
  return { ...own, ca, checkServerIdentity: () => undefined };
}

function fileOf(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function demandCertificates(ca: string): void {
  try {
    new X509Certificate(ca);
  } catch {
    throw wrong('sslrootcert', 'a file of certificates (PEM)');
  }
}

function pairOf(pair: string): [name: string, value: string] {
  const at = pair.indexOf('=');
  return [pair.slice(0, at), decoded(pair.slice(at + 1)) ?? ''];
}

/** A `%` that begins no code stands for itself; nothing at all is as if it were not there. */
function decoded(text: string | undefined): string | undefined {
  const plain = text?.replaceAll(/(?:%[\da-f]{2})+/giu, (codes) => {
    try {
      return decodeURIComponent(codes);
    } catch {
      return codes;
    }
  });
  return plain === '' ? undefined : plain;
}

function wrong(field: string, expected: string): HoldfastError {
  return new HoldfastError('bad_config', { reason: 'database-url', field, expected });
}
