/** Sign-ins of a real provider that nobody here wrote. */
import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { WorkspaceConfig } from '#protocol/service-config';
import { CSRF_HEADER } from '#protocol/workspace-api';
import { CLIENT, type ForeignProvider, startForeignProvider } from '../../foreign-provider.ts';
import { type Person, personIn } from '../../person.ts';
import { startWholeCloud } from '../../whole-cloud.ts';

const PEOPLE = [
  { name: 'mara', fullName: 'Mara Köhler', groups: ['Staff', 'Engineers'] },
  { name: 'otto', fullName: 'Otto Frei', groups: [] },
  { name: 'left', fullName: 'Has Left', groups: ['Staff'], enabled: false },
];

const listed = async (person: Person): Promise<readonly string[]> =>
  JSON.parse((await person.get('/api/v1/feeds/apps')).text).resources.map(({ id }: { id: string }) => id);

async function cloudWith(
  t: TestContext,
  issuer: keyof ForeignProvider['issuers'],
  change: (provider: ForeignProvider) => Partial<WorkspaceConfig['signIn']> = () => ({}),
) {
  let provider: ForeignProvider | undefined;
  const { origin } = await startWholeCloud(t, {
    signIn: async (at) => {
      provider = await startForeignProvider(t, { redirectUri: `${at}/auth/callback`, people: PEOPLE });
      return {
        issuer: provider.issuers[issuer],
        caFile: provider.caFile,
        clientId: CLIENT.clientId,
        clientSecret: { value: CLIENT.clientSecret },
        scopes: ['profile', 'email', 'groups'],
        claims: { upn: 'account', groups: 'groups' },
        keys: undefined,
        ...change(provider),
      };
    },
  });
  assert.ok(provider);
  const { openBrowser, signIn } = provider;
  const enter = async (name: string) => {
    const browser = openBrowser();
    const toProvider = await browser.ask(`${origin}/auth/sign-in?next=/`);
    return { browser, answer: await signIn(browser, String(toProvider.headers['location']), name) };
  };
  const person = async (name: string): Promise<Person> => {
    const { browser, answer } = await enter(name);
    assert.equal(answer.url, `${origin}/`, answer.text);
    return personIn(browser, origin);
  };
  return { origin, enter, person };
}

test('B-I1d a foreign provider signs people in, by its own names for itself, its client and them', async (t) => {
  const { origin, enter, person } = await cloudWith(t, 'tokens');
  const mara = await person('mara');
  const { upn, name, groups } = mara.session.user;
  assert.deepEqual([upn, name, groups], ['mara', 'Mara Köhler', ['Staff', 'Engineers']]);
  assert.deepEqual(await listed(mara), ['terminal', 'payroll']);
  const { user } = (await person('otto')).session;
  assert.deepEqual([user.upn, user.groups], ['otto', undefined], 'this one leaves the claim out of whoever is in no group');
  const { answer } = await enter('left');
  assert.deepEqual([answer.status, answer.url.startsWith(origin)], [401, false]);
  const signedOut = await mara.post('/auth/sign-out', {}, { [CSRF_HEADER]: mara.session.csrf });
  assert.match(JSON.parse(signedOut.text).next, /\/api\/tokens\/end_session\?.*id_token_hint=/u);
});

test('B-I2a claims that it has at its userinfo endpoint, for whoever asks by name, are the person’s', async (t) => {
  const { person } = await cloudWith(t, 'on-demand');
  const mara = await person('mara');
  const { upn, name, groups } = mara.session.user;
  assert.deepEqual([upn, name, groups], ['mara', 'Mara Köhler', ['Staff', 'Engineers']]);
});

test('B-I3f an incorrect client secret has its own error', async (t) => {
  const { enter } = await cloudWith(t, 'tokens', ({ issuers }) => ({
    issuer: issuers.tokens,
    clientSecret: { value: 'of-last-year' },
    clientAuthentication: 'client_secret_post',
  }));
  const { answer } = await enter('mara');
  assert.equal(answer.status, 422);
  assert.match(answer.text, /doesn’t recognize the Workspace/u);
});
