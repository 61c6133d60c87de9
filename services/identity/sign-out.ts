/** The provider's own sign-out: at once for whoever comes with their own ID token; any other page could have sent the rest here. */
import type { OidcContext } from 'oidc-provider';
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
