/** OpenID Connect towards the identity provider: code flow with PKCE, state and nonce. */
import { setTimeout } from 'node:timers/promises';
import { parse } from '#protocol/parse';
import { dearWork } from '#runtime/budget/dear-work';
import { SIGN_INS_AT_ONCE } from '../provider-web.ts';
import { SIGN_OUT_KEPT_MS } from '../store.ts';
import { Claims, type ClaimsOf, type Mapped, personOf } from './claims.ts';
import { asSignInFailure, mustAgreeOnTime } from './failure.ts';
import type { Flow } from './flow.ts';
import { FLOW_MS } from './flow.ts';
import { openProvider, type ProviderOptions } from './provider.ts';

export interface SignInOptions extends ProviderOptions, Pick<ClaimsOf, 'claims'> {
  readonly publicUrl: string;
  readonly tenantKey: string;
}

export interface SignIn {
  readonly flowKey: string;
  /** where to send the browser, and what to keep for the callback. Throws `unavailable` when the provider does not answer. */
  start(options: { next: string; askAgain: boolean; retried?: boolean; now: number }): Promise<{ url: URL; flow: Flow }>;
  /** the person who returned; `source`: whom that is charged to; `now`: ms. Throws what `asSignInFailure` makes of a failure. */
  finish(callback: URL, flow: Flow, by: { source: string; now: number }): Promise<SignedIn>;
  /** where the provider ends its own session and sends the browser back to the portal; undefined when it has no such place, or does not answer */
  signOutAt(idToken: string): Promise<URL | undefined>;
}

export interface SignedIn extends Mapped {
  readonly idToken: string;
  /** seconds: when the provider last saw the person's password, or what it asks for instead; undefined when it does not say */
  readonly authenticatedAt: number | undefined;
}

/** ms: a sign-out does not wait for a provider that hangs */
const SIGN_OUT_MS = 1_000;

export function openSignIn(options: SignInOptions): SignIn {
  const redirectUri = `${options.publicUrl}/auth/callback`;
  const provider = openProvider(options);
  const exchanging = dearWork(SIGN_INS_AT_ONCE);
  return {
    flowKey: options.tenantKey,
    async start({ next, askAgain, retried = false, now }) {
      const { client, config } = await provider();
      const flow: Flow = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
        next,
        askedAgain: askAgain,
        retried,
        until: now + FLOW_MS,
      };
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: 'openid',
        state: flow.state,
        nonce: flow.nonce,
        // With it the provider has to say when it last asked (OpenID Connect Core, 3.1.2.1).
        max_age: String(SIGN_OUT_KEPT_MS / 1_000),
        code_challenge: await client.calculatePKCECodeChallenge(flow.verifier),
        code_challenge_method: 'S256',
        ...(askAgain && { prompt: 'login' }),
      });
      return { url, flow };
    },
    async finish(callback, flow, { source, now }) {
      const { client, config } = await provider();
      const expected = { expectedState: flow.state, expectedNonce: flow.nonce, pkceCodeVerifier: flow.verifier, idTokenExpected: true };
      // One sign-in that was begun lets anybody come back any number of times.
      const exchange = () => client.authorizationCodeGrant(config, callback, expected);
      const tokens = await exchanging(source, exchange).catch((cause: unknown) => {
        throw asSignInFailure(cause);
      });
      const said = tokens.claims();
      if (said !== undefined) mustAgreeOnTime(said, now);
      const claims = parse(Claims, said, 'untrusted_peer');
      return { ...personOf(options, claims), idToken: tokens.id_token ?? '', authenticatedAt: claims.auth_time };
    },
    async signOutAt(idToken) {
      const found = await Promise.race([provider().catch(() => undefined), setTimeout(SIGN_OUT_MS, undefined, { ref: false })]);
      if (found?.config.serverMetadata().end_session_endpoint === undefined) return undefined;
      return found.client.buildEndSessionUrl(found.config, {
        post_logout_redirect_uri: `${options.publicUrl}/`,
        ...(idToken !== '' && { id_token_hint: idToken }),
      });
    },
  };
}
