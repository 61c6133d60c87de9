/** Lease sync against a Workspace of the test's own: real HTTP, real leases. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import * as v from 'valibot';
import type { Signer } from '#core/crypto';
import { leaseBuilder } from '#core/lease/build';
import { judgeProof } from '#core/lease/judge-proof';
import { digestWith, EMPTY_SET } from '#core/lease/lease-set';
import { HoldfastError, toWireError } from '#protocol/errors';
import { MARKER_HEADER } from '#protocol/feed';
import type { SyncStatus } from '#protocol/host';
import { TYP } from '#protocol/jose';
import type { LeaseSet } from '#protocol/lease';
import type { PersonPart } from '#protocol/primitives';
import { wordsOf } from '#protocol/words';
import { people } from '#protocol/words/language';
import { type LeaseSyncLine, LeaseSyncRequest, type WorkspaceTrust } from '#protocol/workspace-api';
import { writePrivateFile } from '#runtime/files/private';
import { nodeCrypto, sha256 } from '#runtime/jose/primitives';
import { componentSigner, newEd25519, newId, newP256, publicHalf } from '#runtime/jose/sign';
import { signOut } from '../../../native-host/handlers/sign-out.ts';
import { readLog } from '../../../native-host/log.ts';
import { openSyncs } from '../../../native-host/sync/sync.ts';
import { seal } from '../../seal.ts';
import { DAY, MARA, NOW, newWorld, signBundle, TENANT } from '../../vectors/world.ts';
import { keyOf, openDevice, type TestDevice } from '../device.ts';

const world = newWorld();
const TOKEN = 'a.b.c';
/** `proof`: the one in the device's request */
type Answer = (request: IncomingMessage, response: ServerResponse, proof: string) => void | Promise<void>;

let workspace = '';
let answerSync: Answer;
let trustAnswer: () => WorkspaceTrust | undefined;
let asked: { path: string; body: unknown }[] = [];
const statement = world.component('workspace', 'workspace-1').statement;
const server = createServer((request, response) => {
  void (async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    asked.push({ path: request.url ?? '', body: text === '' ? undefined : JSON.parse(text) });
    if (request.url === '/.well-known/holdfast/trust') {
      const said = trustAnswer();
      response.writeHead(said === undefined ? 503 : 200, { [MARKER_HEADER]: '1' }).end(JSON.stringify(said));
    } else await answerSync(request, response, v.parse(LeaseSyncRequest, JSON.parse(text)).proof);
  })();
});

let device: TestDevice;
const owner = () => ({ workspace, subject: MARA.subject });
before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  workspace = `http://workspace.localhost:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
beforeEach(async () => {
  asked = [];
  trustAnswer = () => ({ rootBundle: world.signedBundle, statement, revocations: world.listToken() });
  device = await openDevice({ workspaces: [{ url: workspace, name: 'Contoso', trustFirstRoot: true }] });
  answerSync = async (_request, response, proof) => streamSet(response, await leaseLines(6), proof);
});
afterEach(() => device.end());
after(() => void server.close());

function stream(response: ServerResponse, lines: readonly LeaseSyncLine[]): void {
  response.writeHead(200, { [MARKER_HEADER]: '1', 'content-type': 'application/x-ndjson' });
  response.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

/** All of these lines, and the issuer's signature under them. */
async function streamSet(response: ServerResponse, lines: readonly LeaseSyncLine[], proof: string): Promise<void> {
  stream(response, [...lines, await endLine(lines, proof)]);
}

async function leaseLines(
  count: number,
  subject = MARA.subject,
  hangsOn: (n: number) => readonly PersonPart[] = () => ['groups'],
): Promise<LeaseSyncLine[]> {
  const key = await keyOf(await device.host.vaultOf(owner()));
  const locationKey = publicHalf(newP256());
  const build = leaseBuilder(
    {
      tenant: TENANT,
      workspace,
      user: { ...MARA, subject },
      device: { jkt: key.jkt, enc: key.enc },
      iat: NOW,
      leaseSeconds: 7 * DAY,
    },
    { crypto: nodeCrypto, signer: world.issuer, seal, newId, locationKeys: () => [locationKey] },
  );
  const lines: LeaseSyncLine[] = [
    { type: 'queued', ahead: 2 },
    { type: 'progress', done: 0, total: count },
  ];
  const sent = new Set<string>();
  for (let n = 0; n < count; n += 1) {
    const lease = build({
      ...world.leasable,
      hangsOn: hangsOn(n),
      resource: { ...world.leasable.resource, id: `app-${n}`, name: `App ${n}` },
    });
    for (const kind of ['common', 'location'] as const) {
      if (sent.has(lease.digests[kind])) continue;
      sent.add(lease.digests[kind]);
      lines.push({ type: 'file', digest: lease.digests[kind], content: lease.files[kind] });
    }
    lines.push({ type: 'lease', lease: lease.lease, resource: lease.resource, metadata: lease.files.metadata, ...lease.digests });
  }
  return lines;
}
async function endLine(
  lines: readonly LeaseSyncLine[],
  proof: string,
  change: Partial<LeaseSet> = {},
  signer: Signer = world.issuer,
): Promise<LeaseSyncLine> {
  const { jkt } = await keyOf(await device.host.vaultOf(owner()));
  const set: LeaseSet = {
    tenant: TENANT,
    workspace,
    sub: MARA.subject,
    cnf: { jkt },
    answers: sha256(proof),
    leases: lines.filter(({ type }) => type === 'lease').length,
    digest: digestOf(lines),
    unknown: [],
    deleteOnSignOut: true,
    iat: NOW,
    ...change,
  };
  return { type: 'end', set: signer.sign(TYP.leaseSet, set), revocations: world.listToken([], 2) };
}

function digestOf(lines: readonly LeaseSyncLine[]): string {
  return lines.reduce(
    (digest, line) => (line.type === 'lease' || line.type === 'unleased' ? digestWith(nodeCrypto, digest, line) : digest),
    EMPTY_SET,
  );
}

async function sync(force = false): Promise<{ started: boolean; status: SyncStatus }> {
  const { started } = await device.host.syncs.start({ owner: owner(), userName: MARA.name, token: TOKEN, force });
  await device.host.syncs.idle();
  return { started, status: await device.host.syncs.status(owner()) };
}
async function held(): Promise<string[]> {
  const known = await device.host.trustFor(owner(), false);
  if (known === undefined) return [];
  const states = await (await device.host.vaultOf(owner())).states(known.trust, NOW);
  return states.map(({ state }) => `${state.resource.id} ${state.state}`);
}

test('a sync puts every lease on disk and says how it went, with progress on the way', async () => {
  const { started, status } = await sync();
  assert.equal(started, true);
  assert.deepEqual(status, { state: 'succeeded', lastContact: NOW * 1_000, lastSuccess: NOW * 1_000, done: 6, total: 6 });
  assert.deepEqual(
    await held(),
    Array.from({ length: 6 }, (_, n) => `app-${n} valid`),
  );
  const states = device.events.map((event) => (event.event === 'sync' ? event.status.state : event.event));
  assert.deepEqual([states[0], states.at(-1)], ['running', 'succeeded']);
});

test('progress is told ten times a second and not for every lease', async () => {
  const told = () => device.events.flatMap((event) => (event.event === 'sync' ? [event.status.done] : []));
  await sync();
  assert.deepEqual(told(), [undefined, 0, 6], 'the clock stands still: the beginning, once on the way, the end');
});

test('what the Workspace says of itself is known after a restart, too', async () => {
  await sync();
  const again = await openDevice({ workspaces: [{ url: workspace, name: 'Contoso', trustFirstRoot: true }] }, device.home);
  assert.equal((await again.host.trust.of(workspace))?.workspaceStatement, statement);
});

test('the device proves that the token is its own', async () => {
  await sync();
  const body = v.parse(LeaseSyncRequest, asked.find(({ path }) => path === '/api/v1/lease-sync')?.body);
  const now = Math.floor(Date.now() / 1_000);
  const proof = judgeProof(nodeCrypto, body.proof, body.key, { aud: workspace, op: 'sync', digest: sha256(TOKEN), now });
  assert.ok(proof.ok);
});

test('B-N4b once a day, unless it is asked for; a failed one counts for nothing', async () => {
  await sync();
  assert.equal((await sync()).started, false);
  assert.equal((await sync(true)).started, true);
  device.clock.ms += DAY * 1_000 - 1;
  assert.equal((await sync()).started, false);
  device.clock.ms += 1;
  assert.equal((await sync()).started, true);
});

test('a clock that was set back does not put the next sync off', async () => {
  await sync();
  device.clock.ms -= 3_600_000;
  assert.equal((await sync()).started, true);
});

test('the day counts for each person', async () => {
  await sync();
  const other = { workspace, subject: 'somebody-else-1' };
  assert.equal((await device.host.syncs.start({ owner: other, userName: 'Ben', token: TOKEN, force: false })).started, true);
  await device.host.syncs.idle();
});

test('two portal pages that ask at the same time start one sync', async () => {
  const order = { owner: owner(), userName: MARA.name, token: TOKEN, force: true };
  const begun = await Promise.all([device.host.syncs.start(order), device.host.syncs.start(order)]);
  await device.host.syncs.idle();
  // Which of the two is first is nobody's promise.
  assert.equal(begun.filter(({ started }) => started).length, 1);
  assert.deepEqual(
    begun.map(({ status }) => status.state),
    ['running', 'running'],
  );
  assert.equal(asked.filter(({ path }) => path === '/api/v1/lease-sync').length, 1);
  assert.equal((await device.host.syncs.status(owner())).state, 'succeeded');
});

test('B-N4c what went wrong is kept with its remedy, over a restart too, and the leases stay', async () => {
  assert.equal((await device.host.syncs.status(owner())).state, 'never');
  const well = (await sync()).status;
  assert.deepEqual([well.state, well.lastContact, well.error], ['succeeded', NOW * 1_000, undefined]);
  answerSync = (_request, response) =>
    void response.writeHead(503, { [MARKER_HEADER]: '1' }).end(JSON.stringify({ error: toWireError(new HoldfastError('too_many')) }));
  const { status } = await sync(true);
  assert.equal(status.state, 'failed');
  assert.equal(status.error?.code, 'too_many');
  assert.equal(wordsOf(status.error ?? { code: 'internal' }, people).remedy, 'Wait a moment, then try again.');
  assert.equal(status.lastSuccess, NOW * 1_000);
  const again = await openDevice({ workspaces: [{ url: workspace, name: 'Contoso', trustFirstRoot: true }] }, device.home);
  assert.deepEqual(await again.host.syncs.status(owner()), status);
  assert.equal((await held()).length, 6);
});

const kept = (says: string, answer: Answer, code: string | number) =>
  void test(`${says}: what is held stays`, async () => {
    await sync();
    const before = await held();
    answerSync = answer;
    const { status } = await sync(true);
    assert.equal(status.state, 'failed');
    assert.equal(status.error?.code, code);
    assert.deepEqual(await held(), before);
  });

kept(
  'a proxy’s 403 without our marker',
  (_request, response) => void response.writeHead(403).end('{"error":{"code":"blocked"}}'),
  'unavailable',
);
kept(
  'a captive portal’s page',
  (_request, response) => void response.writeHead(200).end('<html>Sign in to the network</html>'),
  'unavailable',
);
kept('an answer that ends early', async (_request, response) => stream(response, (await leaseLines(6)).slice(0, -1)), 'unavailable');
kept(
  'leases of somebody else',
  async (_request, response, proof) => streamSet(response, await leaseLines(6, 'somebody-else-1'), proof),
  3007,
);
kept(
  'a lease by a key that is no issuer’s',
  async (_request, response, proof) => {
    const lines = await leaseLines(6);
    const lease = lines.at(-1);
    assert.ok(lease?.type === 'lease');
    const { enc } = await keyOf(await device.host.vaultOf(owner()));
    const forged = seal(componentSigner(newEd25519()).sign('holdfast-lease+jwt', {}), enc);
    await streamSet(response, [...lines.slice(0, -1), { ...lease, metadata: forged }], proof);
  },
  3007,
);
for (const [what, change] of [
  ['resource', { resource: { feed: 'apps', id: 'app-9' } }],
  ['feed', { resource: { feed: 'other', id: 'app-5' } }],
  ['lease', { lease: newId() }],
] as const) {
  kept(
    `a lease that is given out as that of another ${what}`,
    async (_request, response, proof) => {
      const lines = await leaseLines(6);
      const lease = lines.at(-1);
      assert.ok(lease?.type === 'lease');
      await streamSet(response, [...lines.slice(0, -1), { ...lease, ...change }], proof);
    },
    3007,
  );
}
kept(
  'a file that was altered on the way',
  async (_request, response, proof) =>
    streamSet(
      response,
      (await leaseLines(6)).map((line) => (line.type === 'file' ? { ...line, content: `${line.content} ` } : line)),
      proof,
    ),
  3007,
);
kept(
  'a line that is no line of ours',
  (_request, response) => void response.writeHead(200, { [MARKER_HEADER]: '1' }).end('{"type":"gift"}\n'),
  'bad_request',
);

/** A stand-in for the Workspace has every line that ever passed, and no issuer's key. */
const standIn = (says: string, end: (lines: LeaseSyncLine[], proof: string) => Promise<LeaseSyncLine>, lines = 0) =>
  kept(
    `a stand-in’s ${says}`,
    async (_request, response, proof) => {
      const sent = lines === 0 ? [] : await leaseLines(lines);
      stream(response, [...sent, await end(sent, proof)]);
    },
    'untrusted_peer',
  );
standIn('"end, no leases", signed by a key of its own', (lines, proof) => endLine(lines, proof, {}, componentSigner(newEd25519())));
standIn('"end, no leases", signed by the Workspace', (lines, proof) =>
  endLine(lines, proof, {}, world.component('workspace', 'workspace-1').signer),
);
standIn('"end" of an earlier sync that had no leases', (lines) => endLine(lines, 'an earlier proof'));
standIn('"end" of another person', (lines, proof) => endLine(lines, proof, { sub: 'somebody-else-1' }));
standIn('"end" of another device', (lines, proof) => endLine(lines, proof, { cnf: { jkt: sha256('another') } }));
standIn('"end" of another Workspace', (lines, proof) => endLine(lines, proof, { workspace: 'https://other.test' }));
standIn('"end" of another tenant', (lines, proof) => endLine(lines, proof, { tenant: 'fabrikam' }));
standIn('"end" under fewer leases than the issuer signed', async (lines, proof) => endLine([...lines, ...(await leaseLines(1))], proof), 5);

const reasons = { decided: ['not-allowed', 'blocked'], undecided: ['too-large', 'no-connector', 'person-unknown'] } as const;
for (const reason of [...reasons.decided, ...reasons.undecided]) {
  const goes = reason === 'not-allowed' || reason === 'blocked';
  void test(`a resource that the issuer signed as "${reason}": its lease ${goes ? 'goes' : 'stays until it expires'}`, async () => {
    await sync();
    const before = await held();
    answerSync = async (_request, response, proof) => {
      const unleased: LeaseSyncLine = { type: 'unleased', resource: { feed: 'apps', id: 'app-5' }, reason };
      await streamSet(response, [...(await leaseLines(5)), unleased], proof);
    };
    assert.equal((await sync(true)).status.state, 'succeeded');
    assert.deepEqual(await held(), goes ? before.slice(0, 5) : before);
  });
}

test('a lease that the issuer signed as gone is gone, and no other', async () => {
  await sync();
  answerSync = async (_request, response, proof) => streamSet(response, await leaseLines(5), proof);
  assert.equal((await sync(true)).status.state, 'succeeded');
  assert.deepEqual(
    await held(),
    [0, 1, 2, 3, 4].map((n) => `app-${n} valid`),
  );
});

test('a set without any line is a set: who is entitled to nothing any more keeps nothing', async () => {
  await sync();
  answerSync = (_request, response, proof) => streamSet(response, [], proof);
  assert.equal((await sync(true)).status.state, 'succeeded');
  assert.deepEqual(await held(), []);
});

test('a set by an issuer that was not told the groups takes no lease away that hangs on them; the others go', async () => {
  const parts = [['groups'], ['name'], ['groups', 'name'], []] as const;
  const said = await leaseLines(4, MARA.subject, (n) => parts[n] ?? []);
  answerSync = (_request, response, proof) => streamSet(response, said, proof);
  await sync();
  answerSync = async (_request, response, proof) => stream(response, [await endLine([], proof, { unknown: ['groups'] })]);
  assert.equal((await sync(true)).status.state, 'succeeded');
  assert.deepEqual(await held(), ['app-0 valid', 'app-2 valid']);
  answerSync = async (_request, response, proof) => {
    const unleased: LeaseSyncLine = { type: 'unleased', resource: { feed: 'apps', id: 'app-0' }, reason: 'blocked' };
    stream(response, [unleased, await endLine([unleased], proof, { unknown: ['groups'] })]);
  };
  await sync(true);
  assert.deepEqual(await held(), ['app-2 valid'], 'what was decided goes');
  answerSync = (_request, response, proof) => streamSet(response, [], proof);
  await sync(true);
  assert.deepEqual(await held(), [], 'an issuer that knew all decided all');
});

test('a Workspace that is not there is said so', async () => {
  const nowhere = 'http://workspace.localhost:9';
  const lonely = await openDevice({ workspaces: [{ url: nowhere, name: 'Contoso', trustFirstRoot: true }] });
  try {
    await lonely.host.syncs.start({
      owner: { workspace: nowhere, subject: MARA.subject },
      userName: MARA.name,
      token: TOKEN,
      force: false,
    });
    await lonely.host.syncs.idle();
    const status = await lonely.host.syncs.status({ workspace: nowhere, subject: MARA.subject });
    assert.equal(status.error?.code, 'unavailable');
    assert.deepEqual([status.error?.cause, status.error?.params], ['refused', { url: nowhere, code: 'ECONNREFUSED' }]);
  } finally {
    await lonely.end();
  }
});

describe('B-I5f a root of trust is taken by its pin, or by the decision of somebody', () => {
  for (const [how, pin] of [
    ['pinned', { rootPin: sha256('another') }],
    ['pinned, whatever the Workspace says first: without a pin there is none', {}],
  ] as const) {
    test(`the first root of trust must be the one that is ${how}`, async () => {
      const pinned = await openDevice({ workspaces: [{ url: workspace, name: 'Contoso', ...pin }] });
      try {
        await pinned.host.syncs.start({ owner: owner(), userName: MARA.name, token: TOKEN, force: false });
        await pinned.host.syncs.idle();
        assert.equal((await pinned.host.syncs.status(owner())).error?.code, 'untrusted_peer');
        assert.equal(await pinned.host.trust.of(workspace), undefined);
      } finally {
        await pinned.end();
      }
    });
  }

  for (const [how, taken] of [
    ['its pin', { rootPin: sha256(world.signedBundle.payload) }],
    ['the decision of somebody', { trustFirstRoot: true as const }],
  ] as const) {
    test(`the first root of trust is taken by ${how}`, async () => {
      const deciding = await openDevice({ workspaces: [{ url: workspace, name: 'Contoso', ...taken }] });
      try {
        await deciding.host.syncs.start({ owner: owner(), userName: MARA.name, token: TOKEN, force: false });
        await deciding.host.syncs.idle();
        assert.equal((await deciding.host.trust.of(workspace))?.trust.bundle.version, 1);
      } finally {
        await deciding.end();
      }
    });
  }
});

test('after the first, a root bundle counts only as the successor of the one that is known', async () => {
  await sync();
  const other = newWorld();
  trustAnswer = () => ({ rootBundle: other.signedBundle, statement, revocations: other.listToken() });
  assert.equal((await sync(true)).status.error?.code, 'untrusted_peer');
  const next = signBundle({ ...world.bundle, version: 2 }, world.roots.slice(0, 2));
  trustAnswer = () => ({ rootBundle: next, statement, revocations: world.listToken() });
  assert.equal((await sync(true)).status.state, 'succeeded');
  assert.equal((await device.host.trust.of(workspace))?.trust.bundle.version, 2);
});

test('a device that was away for several root bundles follows them one by one, a new one from the pinned one', async () => {
  await sync();
  const [two, three] = [2, 3].map((version) => signBundle({ ...world.bundle, version }, world.roots.slice(0, 2)));
  if (two === undefined || three === undefined) throw new Error('two successors are needed');
  const alone = { rootBundle: three, statement, revocations: world.listToken() };
  trustAnswer = () => alone;
  assert.equal((await sync(true)).status.error?.code, 'untrusted_peer', 'without those between, no step leads there');
  trustAnswer = () => ({ ...alone, earlierBundles: [world.signedBundle, two] });
  assert.equal((await sync(true)).status.state, 'succeeded');
  assert.equal((await device.host.trust.of(workspace))?.trust.bundle.version, 3);

  const pinned = await openDevice({ workspaces: [{ url: workspace, name: 'Contoso', rootPin: sha256(world.signedBundle.payload) }] });
  try {
    await pinned.host.syncs.start({ owner: owner(), userName: MARA.name, token: TOKEN, force: false });
    await pinned.host.syncs.idle();
    assert.equal((await pinned.host.trust.of(workspace))?.trust.bundle.version, 3);
  } finally {
    await pinned.end();
  }
});

test('the Workspace’s own word of itself is checked before anything is asked of it', async () => {
  trustAnswer = () => ({
    rootBundle: world.signedBundle,
    statement: world.component('broker', 'broker-1').statement,
    revocations: world.listToken(),
  });
  assert.equal((await sync()).status.error?.code, 'untrusted_peer');
  assert.equal(
    asked.some(({ path }) => path === '/api/v1/lease-sync'),
    false,
    'the token is not sent',
  );
});

test('two syncs at once are one', async () => {
  const first = await device.host.syncs.start({ owner: owner(), userName: MARA.name, token: TOKEN, force: true });
  const second = await device.host.syncs.start({ owner: owner(), userName: MARA.name, token: TOKEN, force: true });
  assert.deepEqual([first.started, second.started, second.status.state], [true, false, 'running']);
  await device.host.syncs.idle();
});

test('signing out while leases arrive: none is left afterwards', async () => {
  await sync();
  const lines = await leaseLines(6);
  const arriving = Promise.withResolvers<void>();
  answerSync = (_request, response) => {
    response.writeHead(200, { [MARKER_HEADER]: '1' });
    response.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(''), () => arriving.resolve());
  };
  await device.host.syncs.start({ owner: owner(), userName: MARA.name, token: TOKEN, force: true });
  await arriving.promise;
  assert.deepEqual(await signOut(device.host, owner()), { deleted: 6 });
  await device.host.syncs.idle();
  assert.deepEqual(await held(), []);
});

test('signing out when all leases are there but not yet on the disk: none is left afterwards', async () => {
  const { vaultOf, trust, config, clock, log, signal } = device.host;
  // The last news are taken right before the leases are written.
  const hear: typeof trust.hear = (...news) => {
    void syncs.stop(owner());
    return trust.hear(...news);
  };
  const syncs = openSyncs({
    ...{ vaultOf, config, clock, log, signal },
    trust: { ...trust, hear },
    emit: () => {},
    now: () => NOW * 1_000,
  });
  await syncs.start({ owner: owner(), userName: MARA.name, token: TOKEN, force: true });
  await syncs.idle();
  assert.equal((await syncs.status(owner())).state, 'failed');
  assert.deepEqual(await held(), []);
});

test('B-W10a signing out deletes the person’s leases where the issuer signed nothing else', async () => {
  await sync();
  assert.equal((await held()).length, 6);
  assert.deepEqual(await signOut(device.host, owner()), { deleted: 6 });
  assert.deepEqual(await held(), []);
});

test('B-W10c signing out keeps the leases where the issuer signed that this site keeps them', async () => {
  answerSync = async (_request, response, proof) => {
    const lines = await leaseLines(6);
    stream(response, [...lines, await endLine(lines, proof, { deleteOnSignOut: false })]);
  };
  await sync();
  assert.deepEqual(await signOut(device.host, owner()), { deleted: 0 });
  assert.equal((await held()).length, 6);
});

test('a damaged status is logged and counts as none; no status is nothing to log', async () => {
  assert.deepEqual(await device.host.syncs.status(owner()), { state: 'never' });
  const { folder } = await device.host.vaultOf(owner());
  const logged = async () => (await readLog(device.home)).filter((line) => line.includes('lease sync status')).length;
  assert.equal(await logged(), 0);
  await writePrivateFile(join(folder, 'sync.json'), '{"state":"succ');
  assert.deepEqual(await device.host.syncs.status(owner()), { state: 'never' });
  assert.equal(await logged(), 1);
});
