/** An identity provider that answers whatever it is told to: a foreign one, or a liar in the place of ours. */
import { createHmac, createPrivateKey, type JsonWebKey, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { newP256, publicHalf } from '#runtime/jose/sign';
import type { Endings } from '../../cli/up/endings.ts';

type Claims = Readonly<Record<string, unknown>>;
/** a text is sent as a page */
type Answer = readonly [status: number, body: object | string];

export interface StandIn {
  /** where it is */
  readonly issuer: string;
  /** what it calls itself, everywhere */
  iss: string;
  readonly key: ReturnType<typeof newP256>;
  /** what its token endpoint answers with next, as the ID token */
  answers: (claims: Claims) => string;
  /** further members of its discovery document */
  says: Readonly<Record<string, string | boolean | readonly string[]>>;
  /** by path: what it answers there, in place of everything else */
  instead: Readonly<Record<string, Answer>>;
  /** with which it sends people back to the Workspace */
  sendsBack: Readonly<Record<string, string>>;
  /** of every request to its token endpoint */
  readonly asked: { readonly authorization: string | undefined; readonly body: URLSearchParams }[];
  /** of the sign-in that began last */
  nonce: string | null;
  began: URLSearchParams;
  /** further claims of the next ID token */
  claims: Claims;
  /** what its userinfo endpoint says of whoever signed in; undefined: it has none */
  userInfo: Claims | undefined;
  /** until then its token endpoint does not answer */
  held: Promise<void>;
}

export interface StandInOptions {
  readonly port?: number;
  /** by which the issuer names 127.0.0.1 */
  readonly name?: string;
  /** of the issuer, below its origin */
  readonly path?: string;
  /** PEM; absent: plain HTTP */
  readonly tls?: { readonly key: string; readonly cert: string };
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** ES256 over header and claims, by that key. */
export function es256(key: JsonWebKey, header: object, claims: object): string {
  const input = `${encode(header)}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(input), { key: createPrivateKey({ key, format: 'jwk' }), dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

export function hs256(secret: string, header: object, claims: object): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

export function unsigned(claims: object): string {
  return `${encode({ alg: 'none' })}.${encode(claims)}.`;
}

/** Listens on 127.0.0.1. Ended with the test. */
export async function standInProvider(t: Endings, { port = 0, name = '127.0.0.1', path = '', tls }: StandInOptions = {}): Promise<StandIn> {
  const key = newP256();
  const kid = 'k1';
  const reply = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked = new URL(request.url ?? '/', standIn.issuer);
    const place = asked.pathname.slice(path.length);
    if (place === '/auth') return void response.writeHead(302, { location: back(asked.searchParams) }).end();
    const body = await textOf(request);
    const said = routes[place]?.(request.headers.authorization, body);
    const [status, answer] = standIn.instead[place] ?? (said === undefined ? [404, 'Not found'] : [200, said]);
    const page = typeof answer === 'string';
    if (place === '/token') await standIn.held;
    response.writeHead(status, { 'content-type': page ? 'text/html' : 'application/json' }).end(page ? answer : JSON.stringify(answer));
  };
  const listener: RequestListener = (request, response) => void reply(request, response);
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const bound = server.address();
  const scheme = tls === undefined ? 'http' : 'https';
  const issuer = `${scheme}://${name}:${bound !== null && typeof bound === 'object' ? bound.port : port}${path}`;
  const standIn: StandIn = {
    issuer,
    iss: issuer,
    key,
    answers: (claims) => es256(key, { alg: 'ES256', kid }, claims),
    says: {},
    instead: {},
    sendsBack: { code: 'c' },
    asked: [],
    nonce: null,
    began: new URLSearchParams(),
    claims: {},
    userInfo: undefined,
    held: Promise.resolve(),
  };
  /** Signs in whoever comes, and sends them back. */
  const back = (asked: URLSearchParams): string => {
    standIn.nonce = asked.get('nonce');
    const answer = new URLSearchParams({ ...standIn.sendsBack, state: asked.get('state') ?? '', iss: standIn.iss });
    return `${asked.get('redirect_uri')}?${answer.toString()}`;
  };
  const routes: Readonly<Record<string, (authorization: string | undefined, body: string) => object>> = {
    '/.well-known/openid-configuration': () => ({
      issuer: standIn.iss,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
      ...(standIn.userInfo !== undefined && { userinfo_endpoint: `${issuer}/userinfo` }),
      ...standIn.says,
    }),
    '/userinfo': () => ({ sub: 'x-1', ...standIn.userInfo }),
    '/jwks': () => ({ keys: [{ ...publicHalf(key), use: 'sig', alg: 'ES256', kid }] }),
    '/token': (authorization, body) => {
      standIn.asked.push({ authorization, body: new URLSearchParams(body) });
      const now = Math.floor(Date.now() / 1_000);
      const claims = { iss: standIn.iss, aud: 'workspace', sub: 'x-1', iat: now, exp: now + 300, nonce: standIn.nonce, ...standIn.claims };
      return { access_token: 'a', token_type: 'bearer', id_token: standIn.answers(claims) };
    },
  };
  return standIn;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
