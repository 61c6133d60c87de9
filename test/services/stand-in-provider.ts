/** An identity provider that answers whatever it is told to: a foreign one, or a liar in the place of ours. */
import { createHmac, createPrivateKey, type JsonWebKey, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { newP256, publicHalf } from '#runtime/jose/sign';
import type { Endings } from '../../cli/up/endings.ts';

type Claims = Readonly<Record<string, unknown>>;

export interface StandIn {
  readonly issuer: string;
  readonly key: ReturnType<typeof newP256>;
  /** what its token endpoint answers with next, as the ID token */
  answers: (claims: Claims) => string;
  /** further members of its discovery document */
  says: Readonly<Record<string, string>>;
  /** of every request to its token endpoint */
  readonly asked: { readonly authorization: string | undefined; readonly body: URLSearchParams }[];
  /** further claims of the next ID token */
  claims: Claims;
  /** until then its token endpoint does not answer */
  held: Promise<void>;
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

/** Listens on 127.0.0.1; `issuer` names it by whatever name, with that port where one is given. Ended with the test. */
export async function standInProvider(t: Endings, { port = 0, name = '127.0.0.1' } = {}): Promise<StandIn> {
  const key = newP256();
  const kid = 'k1';
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += String(chunk);
    });
    request.on('end', () => {
      const asked = new URL(request.url ?? '/', standIn.issuer);
      if (asked.pathname === '/auth') return void response.writeHead(302, { location: back(asked.searchParams) }).end();
      const answer = routes[asked.pathname]?.(request.headers.authorization, text);
      const reply = () =>
        void response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}));
      if (asked.pathname === '/token') void standIn.held.then(reply);
      else reply();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const bound = server.address();
  const issuer = `http://${name}:${bound !== null && typeof bound === 'object' ? bound.port : port}`;
  const standIn: StandIn = {
    issuer,
    key,
    answers: (claims) => es256(key, { alg: 'ES256', kid }, claims),
    says: {},
    asked: [],
    claims: {},
    held: Promise.resolve(),
  };
  let nonce: string | null = null;
  /** Signs in whoever comes, and sends them back. */
  const back = (asked: URLSearchParams): string => {
    nonce = asked.get('nonce');
    const answer = new URLSearchParams({ code: 'c', state: asked.get('state') ?? '', iss: issuer });
    return `${asked.get('redirect_uri')}?${answer.toString()}`;
  };
  const routes: Readonly<Record<string, (authorization: string | undefined, body: string) => object>> = {
    '/health': () => ({ up: true }),
    '/.well-known/openid-configuration': () => ({
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
      ...standIn.says,
    }),
    '/jwks': () => ({ keys: [{ ...publicHalf(key), use: 'sig', alg: 'ES256', kid }] }),
    '/token': (authorization, body) => {
      standIn.asked.push({ authorization, body: new URLSearchParams(body) });
      const now = Math.floor(Date.now() / 1_000);
      const claims = { iss: issuer, aud: 'workspace', sub: 'x-1', iat: now, exp: now + 300, nonce, ...standIn.claims };
      return { access_token: 'a', token_type: 'bearer', id_token: standIn.answers(claims) };
    },
  };
  return standIn;
}
