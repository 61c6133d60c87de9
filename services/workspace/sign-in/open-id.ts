/** OpenID Connect towards the identity provider: code flow with PKCE, state and nonce. */
import { parse } from '#protocol/parse';
import type { User } from '#protocol/primitives';
import { Claims, userOf } from './claims.ts';
import type { Flow } from './flow.ts';
import { FLOW_MS } from './flow.ts';
import { asSignInFailure, openProvider, type ProviderOptions } from './provider.ts';

export interface SignInOptions extends ProviderOptions {
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

export function openSignIn(options: SignInOptions): SignIn {
  const redirectUri = `${options.publicUrl}/auth/callback`;
  const provider = openProvider(options);
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
          throw asSignInFailure(cause);
        });
      return userOf(options, parse(Claims, tokens.claims(), 'untrusted_peer'));
    },
  };
}
