// oxlint-disable-next-line triple-slash-reference -- the library has no types, and an ambient module can't be imported
/// <reference path="./oidc-provider.d.ts" />
/** The OpenID provider: code flow with PKCE for the configured clients, nothing else. */
import Provider, { type Adapter, type OidcContext } from 'oidc-provider';
import { CORRELATION_HEADER } from '#protocol/feed';
import { P256PrivateJwk } from '#protocol/jose';
import { parseJson } from '#protocol/parse';
import type { IdentityConfig } from '#protocol/service-config';
import { correlationIdOf } from '#runtime/http/correlation';
import { escapeHtml, page } from '#runtime/http/page';
import { thumbprint } from '#runtime/jose/primitives';
import { newP256, publicHalf } from '#runtime/jose/sign';
import { readSecret } from '#runtime/service/config';
import { keptSecret } from '#runtime/sql/kept-secret';
import type { Begun } from './begun.ts';
import { BRAND } from './brand.ts';
import { askOrSignOut, leadBackIfNobody, sessionsOfPeople } from './sign-out.ts';
import { recordsOf, type Store } from './store.ts';
import type { Users } from './users.ts';

/** Seconds: one sign-in page, and how long the provider remembers the person. */
const INTERACTION_SECONDS = 900;
const SESSION_SECONDS = 8 * 3_600;
const KEY_BYTES = 4_096;

export interface ProviderParts {
  readonly store: Store;
  readonly users: Users;
  readonly begun: Begun;
  readonly cookieKey: string;
}

export async function openProvider(config: IdentityConfig, { store, users, begun, cookieKey }: ProviderParts): Promise<Provider> {
  const overTls = config.publicUrl.startsWith('https:');
  const signingKey = await signingKeyOf(config, store);
  const provider = new Provider(config.publicUrl, {
    adapter: (model: string) => adapterFor(model, recordsOf(store, model), begun),
    clients: config.clients.map(({ id, secret, redirectUris }) => ({
      client_id: id,
      client_secret: readSecret(secret),
      redirect_uris: [...redirectUris],
      post_logout_redirect_uris: [...new Set(redirectUris.map((uri) => new URL('/', uri).href))],
      response_types: ['code'],
      grant_types: ['authorization_code'],
      // Over plain HTTP a secret would be read by whoever had taken our port: there it only signs.
      token_endpoint_auth_method: overTls ? 'client_secret_basic' : 'client_secret_jwt',
      id_token_signed_response_alg: 'ES256',
    })),
    jwks: { keys: [{ ...signingKey, kid: thumbprint(publicHalf(signingKey)), use: 'sig', alg: 'ES256' }] },
    cookies: { keys: [cookieKey], long: { sameSite: 'lax' }, short: { sameSite: 'lax' } },
    pkce: { required: () => true },
    responseTypes: ['code'],
    scopes: ['openid'],
    claims: { openid: ['sub', 'auth_time', 'name', 'upn', 'groups'] },
    // The Workspace reads them from the ID token: no second request that could fail.
    conformIdTokenClaims: false,
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: true, logoutSource: askOrSignOut(clientOrigins(config)) },
    },
    clientAuthMethods: ['client_secret_basic', 'client_secret_jwt'],
    enabledJWA: { idTokenSigningAlgValues: ['ES256'], clientAuthSigningAlgValues: ['HS256'] },
    findAccount: (_context: OidcContext, id: string) => accountOf(users, id),
    loadExistingGrant,
    interactions: { url: (_context: OidcContext, { uid }: { uid: string }) => `/interaction/${uid}` },
    ttl: {
      Interaction: INTERACTION_SECONDS,
      Session: SESSION_SECONDS,
      Grant: SESSION_SECONDS,
      AuthorizationCode: 60,
      AccessToken: 300,
      IdToken: 300,
    },
    renderError: (context: OidcContext, { error, error_description }: { error: string; error_description?: string }) => {
      const { html, headers } = problemPage(error_description ?? error, correlationIdOf(context.get(CORRELATION_HEADER)));
      context.set(headers);
      context.body = html;
    },
  });
  provider.use(leadBackIfNobody);
  // `identity.ts` sets the public origin.
  provider.proxy = true;
  return provider;
}

/** What anybody can have the provider begin leaves no row. */
function adapterFor(model: string, records: Adapter, begun: Begun): Adapter {
  if (model === 'Interaction') return begun.adapter(records);
  return model === 'Session' ? sessionsOfPeople(records) : records;
}

/** Whoever relies on us may pin its public half, whose key id is its thumbprint. Throws `bad_config` when the configured one is no P-256 key. */
async function signingKeyOf({ signingKey }: IdentityConfig, store: Store): Promise<P256PrivateJwk> {
  const text = signingKey && readSecret(signingKey);
  const json = text ?? (await keptSecret(store, 'identity_secret', 'signing-key', () => JSON.stringify(newP256())));
  return parseJson(P256PrivateJwk, json, KEY_BYTES, 'bad_config');
}

/** To which a finished sign-in or sign-out leads. */
export function clientOrigins({ clients }: Pick<IdentityConfig, 'clients'>): readonly string[] {
  return [...new Set(clients.flatMap(({ redirectUris }) => redirectUris.map((uri) => new URL(uri).origin)))];
}

async function accountOf(users: Users, id: string) {
  const user = await users.byId(id);
  if (user === undefined) return undefined;
  return { accountId: id, claims: () => ({ sub: id, name: user.name, upn: user.upn, groups: user.groups }) };
}

/** The clients are the organization's own: no consent page. */
async function loadExistingGrant({ oidc }: OidcContext) {
  const { client, session, provider } = oidc;
  const known = session.grantIdFor(client.clientId);
  const existing = known === undefined ? undefined : await provider.Grant.find(known);
  if (existing !== undefined || session.accountId === undefined) return existing;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid');
  await grant.save();
  return grant;
}

export function problemPage(says: string, correlationId: string) {
  const body = `<h1>Sign-in can’t go on</h1>\n<p class="lead" role="alert">${escapeHtml(says)}</p>\n<p>Go back to your Workspace and sign in again.</p>\n<p class="small">ID ${escapeHtml(correlationId)}</p>`;
  return page({ title: 'Sign-in can’t go on', brand: BRAND, body });
}
