/** OpenID Connect towards the identity provider: code flow with PKCE, state and nonce. */
import { setTimeout } from 'node:timers/promises';
import type { HoldfastError } from '#protocol/errors';
import { parse } from '#protocol/parse';
import { dearWork } from '#runtime/budget/dear-work';
import { SIGN_INS_AT_ONCE } from '../provider-web.ts';
import { SIGN_OUT_KEPT_MS } from '../store.ts';
import { askedFor, Claims, type ClaimsOf, type Mapped, personOf, wantedOf } from './claims.ts';
import { aheadOf, asSignInFailure, mustAgreeOnTime } from './failure.ts';
import type { Flow } from './flow.ts';
import { FLOW_MS } from './flow.ts';
import { openProvider, type ProviderOptions } from './provider.ts';
import { complete } from './user-info.ts';

export interface SignInOptions extends ProviderOptions, Pick<ClaimsOf, 'claims'> {
  readonly publicUrl: string;
  readonly tenantKey: string;
  readonly scopes: readonly string[];
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
  /** seconds, by no later clock than ours: when the provider last saw the person's password, or what it asks for instead; undefined when it does not say */
  readonly authenticatedAt: number | undefined;
  /** why the userinfo endpoint did not help where it was asked */
  readonly userInfoFault?: HoldfastError;
}

/** ms: a sign-out does not wait for a provider that hangs */
const SIGN_OUT_MS = 1_000;

export function openSignIn(options: SignInOptions): SignIn {
  const redirectUri = `${options.publicUrl}/auth/callback`;
  const provider = openProvider(options);
  const exchanging = dearWork(SIGN_INS_AT_ONCE);
  const wanted = wantedOf(options.claims);
  const named = Object.fromEntries(askedFor(wanted).map((name) => [name, null]));
  const asked = JSON.stringify({ id_token: named, userinfo: named });
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
        scope: [...new Set(['openid', ...options.scopes])].join(' '),
        state: flow.state,
        nonce: flow.nonce,
        // With it the provider has to say when it last asked (OpenID Connect Core, 3.1.2.1).
        max_age: String(SIGN_OUT_KEPT_MS / 1_000),
        code_challenge: await client.calculatePKCECodeChallenge(flow.verifier),
        code_challenge_method: 'S256',
        ...(askAgain && { prompt: 'login' }),
        // Some give a claim only to who asks for it by name (OpenID Connect Core, 5.5).
        ...(config.serverMetadata().claims_parameter_supported === true && { claims: asked }),
      });
      return { url, flow };
    },
    async finish(callback, flow, { source, now }) {
      const found = await provider();
      const expected = { expectedState: flow.state, expectedNonce: flow.nonce, pkceCodeVerifier: flow.verifier, idTokenExpected: true };
      const exchange = async (): Promise<SignedIn> => {
        const tokens = await found.client.authorizationCodeGrant(found.config, callback, expected).catch((cause: unknown) => {
          throw asSignInFailure(cause);
        });
        const said = tokens.claims();
        if (said !== undefined) mustAgreeOnTime(said, now);
        const idToken = parse(Claims, said, 'untrusted_peer');
        const { claims, fault } = await complete(found, tokens, idToken, { ...options, wanted });
        return {
          ...personOf(options, claims),
          idToken: tokens.id_token ?? '',
          authenticatedAt: idToken.auth_time && idToken.auth_time - aheadOf(now, said),
          ...(fault !== undefined && { userInfoFault: fault }),
        };
      };
      // One sign-in that was begun lets anybody come back any number of times.
      return exchanging(source, exchange);
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
