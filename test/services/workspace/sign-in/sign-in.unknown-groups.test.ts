/** Sign-ins of a foreign provider that does not say the groups, from the callback to the device's leases. */
import assert from 'node:assert/strict';
import test, { describe, type TestContext } from 'node:test';
import { openJws } from '#core/trust/jws';
import { TYP } from '#protocol/jose';
import { LeaseSet } from '#protocol/lease';
import { nodeCrypto } from '#runtime/jose/primitives';
import { openBrowser } from '../../cookie-browser.ts';
import { newDevice } from '../../device.ts';
import { type Person, personIn } from '../../person.ts';
import { registration, report } from '../../session-host-report.ts';
import { type StandIn, standInProvider } from '../../stand-in-provider.ts';
import { MARA, startWholeCloud, type WholeCloud, type WholeCloudOptions } from '../../whole-cloud.ts';

const ELSEWHERE = { upn: MARA, _claim_names: { groups: 'src1' }, _claim_sources: { src1: { endpoint: 'https://graph.test/x' } } };

async function foreignCloud(t: TestContext, options: WholeCloudOptions = {}): Promise<{ cloud: WholeCloud; provider: StandIn }> {
  const provider = await standInProvider(t);
  const cloud = await startWholeCloud(t, { ...options, signIn: { issuer: provider.issuer, keys: undefined } });
  return { cloud, provider };
}

async function signedIn(t: TestContext, { origin }: WholeCloud, provider: StandIn, claims: object): Promise<Person> {
  provider.claims = { ...claims };
  const browser = openBrowser(t);
  assert.equal((await browser.open(`${origin}/auth/sign-in?next=/`)).url, `${origin}/`);
  return personIn(browser, origin);
}

/** What a new device gets: the lines' resources by their kind, and what the issuer signed that it was not told. */
async function synced(cloud: WholeCloud, person: Person) {
  const device = newDevice();
  const lines = await person.sync(device.syncRequest(cloud.origin, await person.deviceToken(device)));
  const end = lines.at(-1);
  assert.ok(end?.type === 'end', JSON.stringify(end));
  const set = openJws(nodeCrypto, end.set, TYP.leaseSet, LeaseSet, cloud.connector.trust().bundle.roles.issuer);
  assert.ok(set.ok);
  const said = lines.flatMap((line) =>
    line.type === 'lease' ? [`${line.resource.id} leased`] : line.type === 'unleased' ? [`${line.resource.id} ${line.reason}`] : [],
  );
  return { said, unknown: set.value.unknown };
}

const launch = async (person: Person, id: string) =>
  JSON.parse((await person.post('/api/v1/launches', { resource: { feed: 'apps', id }, jkt: newDevice().jkt })).text).error;

describe('B-I2c what the provider leaves out is unknown, not none', () => {
  test('groups that are said elsewhere are unknown, not none: the person signs in, and the issuer decides nothing about them', async (t) => {
    const { cloud, provider } = await foreignCloud(t);
    const known = await synced(cloud, await signedIn(t, cloud, provider, { upn: MARA, groups: ['Staff'] }));
    assert.deepEqual(known, { said: ['payroll not-allowed', 'terminal leased', 'archive leased'], unknown: [] });

    const mara = await signedIn(t, cloud, provider, ELSEWHERE);
    assert.equal(mara.session.user.groups, undefined, 'the portal can say so');
    assert.deepEqual(await synced(cloud, mara), { said: ['archive leased'], unknown: ['groups'] });
    const listed = JSON.parse((await mara.get('/api/v1/feeds/apps')).text).resources;
    assert.deepEqual(
      listed.map(({ id }: { id: string }) => id),
      ['archive'],
    );
    const none = await synced(cloud, await signedIn(t, cloud, provider, { upn: MARA, groups: [] }));
    assert.deepEqual(none, { said: ['archive leased'], unknown: [] }, 'an empty list is an answer');
  });

  test('a launch that hangs on unknown groups is no denial, so the lease is tried next; one that hangs on nothing unknown is', async (t) => {
    const { cloud, provider } = await foreignCloud(t);
    await report(cloud.connector, cloud.urls.broker, [registration('host-1')]);
    const mara = await signedIn(t, cloud, provider, ELSEWHERE);
    assert.equal(await launch(mara, 'archive'), undefined, 'by her name');
    const { code, reason } = await launch(mara, 'terminal');
    assert.deepEqual([code, reason], ['unavailable', 'person-unknown']);
    const otto = await signedIn(t, cloud, provider, { sub: 'x-2', upn: 'otto@test.localhost', groups: [] });
    assert.equal((await launch(otto, 'terminal')).code, 'not_entitled');
  });

  test('while any group is blocked nothing new is given to whoever may be in it, and nothing is taken away', async (t) => {
    const { cloud, provider } = await foreignCloud(t, { blocks: [{ kind: 'group', group: 'Board' }] });
    const mara = await signedIn(t, cloud, provider, ELSEWHERE);
    assert.deepEqual(await synced(cloud, mara), { said: ['archive person-unknown'], unknown: ['groups'] });
    assert.equal((await launch(mara, 'archive')).reason, 'person-unknown');
    const known = await signedIn(t, cloud, provider, { upn: MARA, groups: ['Staff'] });
    assert.deepEqual((await synced(cloud, known)).said, ['payroll not-allowed', 'terminal leased', 'archive leased']);
  });

  test('a name that the provider leaves out is unknown, too: what hangs on it is not decided', async (t) => {
    const { cloud, provider } = await foreignCloud(t);
    const nameless = await synced(cloud, await signedIn(t, cloud, provider, { groups: ['Staff'] }));
    assert.deepEqual(nameless, { said: ['payroll not-allowed', 'terminal leased'], unknown: ['name'] });
  });
});
