/** Sign-ins at a provider without a browser: whom the Workspace takes its answer for. */
import { parse } from '#protocol/parse';
import { Issuer } from '#protocol/primitives';
import { openProviderWeb } from '../../services/workspace/provider-web.ts';
import { openSignIn, type SignedIn, type SignInOptions } from '../../services/workspace/sign-in/open-id.ts';
import type { StandIn } from './stand-in-provider.ts';

export const SECRET = 's3cr3t-of-the_portal.which*is~long enough';
const PUBLIC = 'http://workspace.localhost:7400';

export interface SignInChange extends Partial<SignInOptions> {
  /** what the address has with which the person returns, in place of a code */
  readonly back?: Readonly<Record<string, string>>;
  /** ms */
  readonly now?: number;
}

/** A sign-in that was begun at that provider; the result comes back from there, as often as it is called. */
export async function begunAt(provider: StandIn, { back = { code: 'c' }, now = Date.now(), ...change }: SignInChange = {}) {
  const signIn = openSignIn({
    issuer: parse(Issuer, provider.issuer),
    clientId: 'workspace',
    clientSecret: SECRET,
    scopes: [],
    claims: { upn: 'upn', groups: 'groups' },
    publicUrl: PUBLIC,
    tenantKey: 'A'.repeat(43),
    web: openProviderWeb({ env: {} }),
    ...change,
  });
  const { flow, url } = await signIn.start({ next: '/', askAgain: false, now });
  provider.began = url.searchParams;
  provider.nonce = flow.nonce;
  const answer = new URLSearchParams({ ...back, state: flow.state, iss: provider.iss });
  const callback = new URL(`${PUBLIC}/auth/callback?${answer.toString()}`);
  return (source = '192.0.2.1') => signIn.finish(callback, flow, { source, now });
}

/** One sign-in there. */
export async function signInAt(provider: StandIn, change: SignInChange = {}): Promise<SignedIn> {
  return (await begunAt(provider, change))();
}
