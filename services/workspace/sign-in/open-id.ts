/**
 * OpenID Connect towards the identity provider: code flow with PKCE, state and nonce. The provider is discovered when it is
 * first needed, so the Workspace starts while it is down.
 */
import type * as openid from 'openid-client';
import { request } from 'undici';
import { HoldfastError } from '#protocol/errors';
import { parse } from '#protocol/parse';
import type { User } from '#protocol/primitives';
import { identityAgent } from '../identity-agent.ts';
import { Claims, userOf } from './claims.ts';
import type { Flow } from './flow.ts';
import { FLOW_MS } from './flow.ts';

export interface SignInOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly publicUrl: string;
  readonly tenantKey: string;
}

export interface SignIn {
  readonly flowKey: string;
  /** where to send the browser, and what to keep for the callback. Throws `unavailable` when the provider does not answer. */
  start(options: { next: string; askAgain: boolean; now: number }): Promise<{ url: URL; flow: Flow }>;
  /** the person who returned. Throws `untrusted_peer` when the answer does not belong to the flow, `unavailable` when the provider is down. */
  finish(callback: URL, flow: Flow): Promise<User>;
}

/** Seconds: for each request to the provider. */
const DEADLINE_SECONDS = 3;
const ANSWER_BYTES = 1_048_576;

export function openSignIn(options: SignInOptions): SignIn {
  const redirectUri = `${options.publicUrl}/auth/callback`;
  let discovered: Promise<Discovered> | undefined;
  const provider = (): Promise<Discovered> => {
    discovered ??= discover(options);
    discovered.catch(() => {
      discovered = undefined;
    });
    return discovered;
  };
  return {
    flowKey: options.tenantKey,
    async start({ next, askAgain, now }) {
      const { client, config } = await provider();
      const flow: Flow = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
        next,
        until: now + FLOW_MS,
      };
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: 'openid',
        state: flow.state,
        nonce: flow.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(flow.verifier),
        code_challenge_method: 'S256',
        ...(askAgain && { prompt: 'login' }),
      });
      return { url, flow };
    },
    async finish(callback, flow) {
      const { client, config } = await provider();
      const tokens = await client
        .authorizationCodeGrant(config, callback, {
          expectedState: flow.state,
          expectedNonce: flow.nonce,
          pkceCodeVerifier: flow.verifier,
          idTokenExpected: true,
        })
        .catch((cause: unknown) => {
          throw isAway(cause) ? away(cause) : new HoldfastError('untrusted_peer', { reason: 'sign-in' }, { cause });
        });
      return userOf(options, parse(Claims, tokens.claims(), 'untrusted_peer'));
    },
  };
}

interface Discovered {
  readonly client: typeof openid;
  readonly config: openid.Configuration;
}

async function discover({ issuer, clientId, clientSecret }: SignInOptions): Promise<Discovered> {
  const client = await import('openid-client');
  try {
    const config = await client.discovery(new URL(issuer), clientId, undefined, client.ClientSecretBasic(clientSecret), {
      [client.customFetch]: fetchFromProvider,
      timeout: DEADLINE_SECONDS,
      // Plain HTTP only where the configuration says so: loopback, or a network that is trusted.
      execute: issuer.startsWith('http:') ? [client.allowInsecureRequests] : [],
    });
    return { client, config };
  } catch (cause) {
    throw away(cause);
  }
}

const fetchFromProvider: openid.CustomFetch = async (url, { method, headers, body, signal }) => {
  const answer = await request(url, {
    method: method === 'POST' ? 'POST' : 'GET',
    headers,
    ...((typeof body === 'string' || body instanceof URLSearchParams) && { body: body.toString() }),
    dispatcher: identityAgent,
    signal: signal ?? AbortSignal.timeout(DEADLINE_SECONDS * 1_000),
  });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    size += chunk.length;
    if (size > ANSWER_BYTES) throw new HoldfastError('too_large', { reason: 'limit', limit: ANSWER_BYTES });
    chunks.push(chunk);
  }
  const answered = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) for (const one of [value ?? []].flat()) answered.append(name, one);
  return new Response(answer.statusCode === 204 ? null : Buffer.concat(chunks), { status: answer.statusCode, headers: answered });
};

/** A network failure or a 5xx, as opposed to a refusal. */
function isAway(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  if (cause.name === 'TimeoutError' || cause.name === 'AbortError') return true;
  const status = 'status' in cause ? cause.status : undefined;
  if (typeof status === 'number') return status >= 500;
  const code = 'code' in cause ? String(cause.code) : '';
  return /^(?:ECONN|ENOTFOUND|EAI_|UND_ERR|OAUTH_TIMEOUT)/u.test(code) || (cause.cause !== undefined && isAway(cause.cause));
}

function away(cause: unknown): HoldfastError {
  return new HoldfastError('unavailable', { reason: 'identity-provider' }, { cause });
}
