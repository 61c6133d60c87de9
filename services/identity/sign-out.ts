/** The provider's own sign-out: at once for whoever comes with their own ID token; any other page could have sent the rest here. */
import type { Adapter, OidcContext } from 'oidc-provider';
import { page } from '#runtime/http/page';
import { BRAND } from './brand.ts';

/** `form`: the library's, without a button. `clientOrigins`: where it leads in the end. */
export function askOrSignOut(clientOrigins: readonly string[]) {
  return async (context: OidcContext, form: string): Promise<void> => {
    const { session, entities, params } = context.oidc;
    const back = params?.['post_logout_redirect_uri'];
    if (entities.IdTokenHint?.payload.sub === session.accountId && typeof back === 'string') {
      await session.destroy();
      context.status = 303;
      context.redirect(back);
      return;
    }
    const button = '<button type="submit" name="logout" value="yes">Sign out</button></form>';
    const body = `<h1>Do you want to sign out?</h1>\n${form.replace('</form>', button)}`;
    const { html, headers } = page({ title: 'Sign out', brand: BRAND, body, formTargets: clientOrigins });
    context.set(headers);
    context.body = html;
  };
}

/** Whoever is not signed in is led back at once: the library would remember them, so that a page can send its form. */
export async function leadBackIfNobody(context: OidcContext, next: () => Promise<void>): Promise<void> {
  await next();
  const { oidc, status } = context;
  if (status !== 200 || oidc.route !== 'end_session' || oidc.session.accountId !== undefined) return;
  const back = oidc.params?.['post_logout_redirect_uri'];
  context.status = 303;
  context.redirect(typeof back === 'string' ? back : SIGNED_OUT);
}

/** The library's page that says so. */
const SIGNED_OUT = '/session/end/success';

/** The library's storage of sessions: only people who are signed in have one. */
export function sessionsOfPeople(records: Adapter): Adapter {
  return {
    ...records,
    upsert: async (id, payload, expiresIn) => (payload['accountId'] === undefined ? undefined : records.upsert(id, payload, expiresIn)),
  };
}
