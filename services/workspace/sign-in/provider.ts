/**
 * The identity provider as OpenID Connect describes it: where it is, and whose signature it has. Discovered when it is first needed,
 * so the Workspace starts while it is down.
 */
import type * as openid from 'openid-client';
import * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { Issuer, WebAddress } from '#protocol/primitives';
import type { WorkspaceConfig } from '#protocol/service-config';
import { readText } from '#runtime/http/answer';
import type { ProviderWeb } from '../provider-web.ts';
import { clientAuth } from './client-auth.ts';
import { asSignInFailure, CLOCK_SECONDS } from './failure.ts';

export interface ProviderOptions extends Pick<WorkspaceConfig['signIn'], 'clientAuthentication'> {
  /** in its one form (`Issuer`) */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly web: ProviderWeb;
  /** public JWKs, each with its `kid`: instead of those that the provider publishes */
  readonly keys?: readonly object[] | undefined;
}

export interface Provider {
  readonly client: typeof openid;
  readonly config: openid.Configuration;
}

/** Seconds: for each request to the provider. */
const DEADLINE_SECONDS = 3;
const ANSWER_BYTES = 1_048_576;

/** Discovers it at the first call that succeeds, once. Calls throw `unavailable` while it doesn't answer, `untrusted_peer`, `bad_config`. */
export function openProvider(options: ProviderOptions): () => Promise<Provider> {
  let discovered: Promise<Provider> | undefined;
  return () => {
    discovered ??= discover(options).catch((cause: unknown) => {
      discovered = undefined;
      throw cause;
    });
    return discovered;
  };
}

/** Where an issuer (in its one form) describes itself. */
export function discoveryOf(issuer: string): string {
  return `${issuer}/.well-known/openid-configuration`;
}

async function discover({ issuer, clientId, clientSecret, clientAuthentication, keys, web }: ProviderOptions): Promise<Provider> {
  const client = await import('openid-client');
  const plain = issuer.startsWith('http:');
  let jwksUri: string | undefined;
  const ask: openid.CustomFetch = (url, options) =>
    keys !== undefined && url === jwksUri ? Promise.resolve(Response.json({ keys })) : fetchBy(web, url, options);
  const authentication = clientAuth({ client, secret: clientSecret, method: clientAuthentication, plain });
  const place = discoveryOf(issuer);
  try {
    const config = await client.discovery(new URL(place), clientId, { [client.clockTolerance]: CLOCK_SECONDS }, authentication, {
      [client.customFetch]: ask,
      timeout: DEADLINE_SECONDS,
      // Without them an ID token is believed for the connection it came by, whoever signed it.
      execute: [client.enableNonRepudiationChecks, ...(plain ? [client.allowInsecureRequests] : [])],
    });
    const said = config.serverMetadata();
    // The document's place is the same with and without a `/` at the end; which of the two is in its tokens, the document says.
    const found = v.safeParse(Issuer, said.issuer);
    if (!found.success || found.output !== issuer)
      throw new HoldfastError('bad_config', { reason: 'provider-issuer', expected: issuer, found: said.issuer.slice(0, 300) });
    for (const address of [
      said.authorization_endpoint,
      said.token_endpoint,
      said.userinfo_endpoint,
      said.jwks_uri,
      said.end_session_endpoint,
    ])
      if (address !== undefined) mustBeSecure(address);
    jwksUri = said.jwks_uri;
    return { client, config };
  } catch (cause) {
    const failure = asSignInFailure(cause);
    if (cause instanceof HoldfastError || failure.code === 'unavailable' || failure.reason === 'provider-certificate') throw failure;
    // Something answered there, and it was no discovery document.
    throw new HoldfastError('bad_config', { reason: 'provider-missing', url: place }, { cause });
  }
}

/** What is dialled, and where people are sent, is the provider's word. Throws `untrusted_peer`. */
function mustBeSecure(address: string): void {
  if (!v.safeParse(WebAddress, address).success)
    throw new HoldfastError('untrusted_peer', { reason: 'provider-address', url: address.slice(0, 300) });
}

async function fetchBy(web: ProviderWeb, ...[url, { method, headers, body, signal }]: Parameters<openid.CustomFetch>): Promise<Response> {
  const answer = await web.ask(url, {
    method: method === 'POST' ? 'POST' : 'GET',
    headers,
    ...((typeof body === 'string' || body instanceof URLSearchParams) && { body: body.toString() }),
    signal: signal ?? AbortSignal.timeout(DEADLINE_SECONDS * 1_000),
  });
  const text = await readText(answer.body, ANSWER_BYTES);
  const answered = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) for (const one of [value ?? []].flat()) answered.append(name, one);
  return new Response(answer.statusCode === 204 ? null : text, { status: answer.statusCode, headers: answered });
}
