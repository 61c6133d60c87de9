/** How the Workspace proves to the identity provider's token endpoint that it is its client (OpenID Connect Core, 9). */
import type * as openid from 'openid-client';
import type { WorkspaceConfig } from '#protocol/service-config';

type Method = NonNullable<WorkspaceConfig['signIn']['clientAuthentication']>;

export interface ClientAuthOptions {
  readonly client: typeof openid;
  readonly secret: string;
  /** by the configuration; undefined: whatever the provider takes */
  readonly method: Method | undefined;
  /** plain HTTP, on this machine */
  readonly plain: boolean;
}

/** Which way it is, is known when the provider has said what it takes. */
export function clientAuth({ client, secret, method, plain }: ClientAuthOptions): openid.ClientAuth {
  const ways: Readonly<Record<Method, openid.ClientAuth>> = {
    client_secret_basic: basic(secret),
    client_secret_post: client.ClientSecretPost(secret),
    client_secret_jwt: client.ClientSecretJwt(secret),
  };
  return (server, ...request) => {
    // Over plain HTTP whoever has taken the provider's port would read the secret: then it only signs.
    const way = plain ? 'client_secret_jwt' : (method ?? taken(server.token_endpoint_auth_methods_supported));
    return ways[way](server, ...request);
  };
}

/** The first of ours that it names; a provider that names none takes the first (OpenID Connect Discovery, 3). */
function taken(supported: readonly string[] = []): Method {
  const ours = ['client_secret_basic', 'client_secret_post', 'client_secret_jwt'] as const;
  return ours.find((method) => supported.includes(method)) ?? 'client_secret_basic';
}

/**
 * Both are encoded as browsers encode a form (RFC 6749, 2.3.1), where `-`, `.`, `_` and `*` stay as they are: some providers compare what comes
 * without decoding it, and the library encodes these, too.
 */
function basic(secret: string): openid.ClientAuth {
  const encode = (text: string) => new URLSearchParams([['', text]]).toString().slice(1);
  return (_server, { client_id }, _body, headers) => {
    headers.set('authorization', `Basic ${Buffer.from(`${encode(client_id)}:${encode(secret)}`).toString('base64')}`);
  };
}
