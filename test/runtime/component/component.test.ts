import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import test, { type TestContext } from 'node:test';
import { CLOUD } from '#protocol/cloud-api';
import type { ServiceCode } from '#protocol/errors';
import { TYP } from '#protocol/jose';
import { LIMITS } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import { type ComponentKeys, EnrolmentRequest, type JoinToken, News, type TrustDirectory } from '#protocol/trust';
import { type Component, openComponent } from '#runtime/component/component';
import { readTrustFile } from '#runtime/component/trust-file';
import { mutualTls } from '#runtime/http/cloud-server';
import { sha256 } from '#runtime/jose/primitives';
import { componentSigner, newEd25519 } from '#runtime/jose/sign';
import { newTlsIdentity, spkiDigest } from '#runtime/tls/certificate';
import { refusedWith } from '../../refused-with.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';
import { untilHolds } from '../../until.ts';
import { DAY, newWorld, signBundle, stateThat, TENANT } from '../../vectors/world.ts';

const now = () => Math.floor(Date.now() / 1_000);
const world = newWorld();

interface FakeAnswers {
  statement(): string;
  renewed(): string;
  directory(): TrustDirectory;
  renewedList(): string;
  enrolments: number;
  /** with which it refuses everything */
  refusal?: ServiceCode;
  /** what a component showed that it holds */
  reported?: News;
}

/** A root of trust that answers as it is told: a real one makes no mistakes on demand. */
async function rootThat(t: TestContext) {
  const enrolled: { keys?: ComponentKeys; statement?: string } = {};
  const stated = (by = world.trustRole, iat = now()) =>
    stateThat(by, { role: 'gateway', id: 'gateway-1', sign: mustHave(enrolled.keys).sign, tls: mustHave(enrolled.keys).tls, iat });
  const answers: FakeAnswers = {
    /** old enough to be renewed */
    statement: () => (enrolled.statement ??= stated(world.trustRole, now() - 8 * DAY)),
    renewed: () => stated(),
    directory: (): TrustDirectory => ({ rootBundle: world.signedBundle, revocations: world.listToken([], 7, now()), statements: [] }),
    renewedList: () => world.listToken([], 7, now()),
    enrolments: 0,
  };
  const reply = (path: string | undefined, body: string) => {
    switch (path) {
      case CLOUD.enrol.path:
        answers.enrolments++;
        enrolled.keys = parseJson(EnrolmentRequest, body, LIMITS.requestBodyBytes).keys;
        return { statement: answers.statement(), rootBundle: world.signedBundle, revocations: world.listToken([], 5, now()) };
      case CLOUD.renew.path:
        return { statement: answers.renewed(), rootBundle: world.signedBundle, revocations: answers.renewedList() };
      case CLOUD.report.path:
        answers.reported = parseJson(News, body, LIMITS.revocationListBytes);
        return {};
      default:
        return answers.directory();
    }
  };
  const identity = await newTlsIdentity('root-of-trust');
  const server = createServer(mutualTls(identity), (request, response) => {
    void text(request).then((body) => {
      const { refusal } = answers;
      if (refusal === undefined) return response.end(JSON.stringify(reply(request.url, body)));
      return response.writeHead(400).end(JSON.stringify({ error: { code: refusal } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = addressOf(server.address());
  const ref = { url: `https://127.0.0.1:${port}`, tlsPin: spkiDigest(identity.cert), rootPin: sha256(world.signedBundle.payload) };
  return { answers, ref, stated };
}
type FakeRoot = Awaited<ReturnType<typeof rootThat>>;

function mustHave<T>(value: T | undefined): T {
  assert.ok(value !== undefined);
  return value;
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  assert.ok(address !== null && typeof address === 'object');
  return address;
}

function joinToken(change: Partial<JoinToken> = {}): string {
  return world.trustRole.sign(TYP.join, {
    jti: 'j'.repeat(22),
    tenant: TENANT,
    role: 'gateway',
    id: 'gateway-1',
    exp: now() + 60,
    ...change,
  });
}

function opened(t: TestContext, { ref }: FakeRoot, dataDir: string, join = joinToken()) {
  const ending = new AbortController();
  const said: string[] = [];
  t.after(() => ending.abort());
  const say = (_fields: object, message: string) => void said.push(message);
  const component: Promise<Component> = openComponent({
    role: 'gateway',
    id: 'gateway-1',
    dataDir,
    rootOfTrust: ref,
    join: () => join,
    signal: ending.signal,
    log: { info: say, warn: say, error: say },
  });
  return { component, said, end: () => ending.abort() };
}

test('a join token for somebody else is refused before it is used up', async (t) => {
  const root = await rootThat(t);
  for (const [change, words] of [
    [{ id: 'gateway-2' }, /for gateway gateway-2, not for gateway gateway-1/u],
    [{ role: 'broker' }, /for broker gateway-1/u],
    [{ location: 'zurich' }, /for gateway gateway-1 \(zurich\)/u],
  ] as const) {
    await assert.rejects(opened(t, root, await temporaryFolder(t), joinToken(change)).component, refusedWith('bad_config', words));
  }
  assert.equal(root.answers.enrolments, 0);
});

test('a statement that peers would refuse does not replace one that they take', async (t) => {
  const root = await rootThat(t);
  const stranger = componentSigner(newEd25519());
  root.answers.renewed = () => root.stated(stranger);
  const { component, said } = opened(t, root, await temporaryFolder(t));
  const gateway = await component;
  await gateway.refresh();
  assert.equal(gateway.statement(), root.answers.statement());
  assert.ok(said.some((line) => line.includes('not good (unknown-key)')));

  const good = root.stated();
  root.answers.renewed = () => good;
  await gateway.refresh();
  assert.equal(gateway.statement(), good);
});

test('what is kept on disk never goes back to an older list, whatever a renewal brings', async (t) => {
  const root = await rootThat(t);
  root.answers.renewedList = () => world.listToken([], 6, now());
  const dataDir = await temporaryFolder(t);
  const first = opened(t, root, dataDir);
  const gateway = await first.component;
  await gateway.refresh();
  assert.equal(gateway.trust().list?.version, 7);
  await untilHolds(async () => (await readTrustFile(dataDir))?.statement === gateway.statement());
  first.end();
  const again = await opened(t, root, dataDir).component;
  assert.equal(again.trust().list?.version, 7);
});

test('a component whose key is withdrawn is a stranger as soon as the list is heard, whoever brings it', async (t) => {
  const root = await rootThat(t);
  const key = componentSigner(newEd25519());
  const statement = stateThat(world.trustRole, { role: 'broker', id: 'broker-1', sign: key.publicKey, iat: now() });
  const directory = root.answers.directory;
  root.answers.directory = () => ({ ...directory(), statements: [statement] });
  const gateway = await opened(t, root, await temporaryFolder(t)).component;
  await gateway.refresh();
  assert.deepEqual(
    gateway.statements().map(({ id }) => id),
    ['broker-1'],
  );
  const until = now() + DAY;
  const withdrawn = { target: { kind: 'key' as const, kid: key.kid }, from: now() - 1, until, forget: until + 60 * DAY };
  gateway.hear({ revocations: world.listToken([withdrawn], 8, now()) });
  assert.deepEqual(gateway.statements(), []);
});

test('a component refuses a list of the root’s that is older or lacks an entry, says so, and shows what it holds', async (t) => {
  const root = await rootThat(t);
  const until = now() + DAY;
  const entry = { target: { kind: 'group' as const, group: 'Staff' }, from: now() - 1, until, forget: until + 30 * DAY };
  const directory = root.answers.directory;
  const answer = (revocations: string) => {
    root.answers.directory = () => ({ ...directory(), revocations });
  };
  const newest = world.listToken([entry], 8, now());
  answer(newest);
  const { component, said } = opened(t, root, await temporaryFolder(t));
  const gateway = await component;
  await gateway.refresh();
  assert.equal(gateway.complaint(), undefined);
  for (const older of [world.listToken([], 6, now()), world.listToken([], 9, now())]) {
    answer(older);
    await gateway.refresh();
    assert.match(gateway.complaint() ?? '', /older revocation list/u);
    assert.deepEqual(gateway.trust().list?.entries, [entry]);
    assert.equal(root.answers.reported?.revocations, newest);
  }
  assert.equal(said.filter((line) => line.includes('older revocation list')).length, 1, 'each trouble is logged once');
  answer(world.listToken([entry], 10, now()));
  await gateway.refresh();
  assert.equal(gateway.complaint(), undefined);
});

test('an older root bundle is refused and said, and the newer one is shown to the root', async (t) => {
  const root = await rootThat(t);
  const next = signBundle({ ...world.bundle, version: 2 }, world.roots.slice(0, 2));
  const directory = root.answers.directory;
  root.answers.directory = () => ({ ...directory(), rootBundle: next });
  const gateway = await opened(t, root, await temporaryFolder(t)).component;
  await gateway.refresh();
  root.answers.directory = directory;
  await gateway.refresh();
  assert.match(gateway.complaint() ?? '', /older root bundle/u);
  assert.equal(gateway.trust().bundle.version, 2);
  assert.deepEqual(root.answers.reported?.rootBundles?.at(-1), next);
});

test('a component under whose name another key was stated since says so', async (t) => {
  const root = await rootThat(t);
  const thief = componentSigner(newEd25519());
  const directory = root.answers.directory;
  const gateway = await opened(t, root, await temporaryFolder(t)).component;
  await gateway.refresh();
  assert.equal(gateway.complaint(), undefined);
  const statement = stateThat(world.trustRole, { role: 'gateway', id: 'gateway-1', sign: thief.publicKey, iat: now() + 5 });
  root.answers.directory = () => ({ ...directory(), statements: [statement] });
  await gateway.refresh();
  assert.match(gateway.complaint() ?? '', /another key stands under its name/u);
});

test('a component keeps working with an expired root bundle, and reports it', async (t) => {
  const root = await rootThat(t);
  const next = signBundle({ ...world.bundle, version: 2, exp: now() - 60 }, world.roots.slice(0, 2));
  const directory = root.answers.directory;
  root.answers.directory = () => ({ ...directory(), rootBundle: next });
  const { component, said } = opened(t, root, await temporaryFolder(t));
  const gateway = await component;
  assert.ok(await gateway.refresh());
  await gateway.refresh();
  assert.equal(gateway.trust().bundle.version, 2);
  assert.equal(said.filter((line) => line.includes('has expired')).length, 1);
});

test('a root of trust that refuses is a complaint whatever the refusal, and one that is away is none', async (t) => {
  const root = await rootThat(t);
  const { component, said } = opened(t, root, await temporaryFolder(t));
  const gateway = await component;
  assert.ok(await gateway.refresh());
  root.answers.refusal = 'unavailable';
  assert.equal(await gateway.refresh(), false);
  assert.equal(gateway.complaint(), undefined);
  assert.match(said.at(-1) ?? '', /does not answer/u);
  root.answers.refusal = 'too_many';
  await gateway.refresh();
  assert.match(gateway.complaint() ?? '', /refuses it.*too_many/u);
});
