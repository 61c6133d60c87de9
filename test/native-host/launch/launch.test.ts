/** Launches over a real field (gateway, connector, session host, each in this process) with real session processes. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, beforeEach, describe, type TestContext, test } from 'node:test';
import { LAUNCH_SETTINGS } from '#core/machines/launch-states';
import { candidatesFor } from '#core/placement/candidates';
import { HoldfastError, type LaunchCode } from '#protocol/errors';
import { TYP } from '#protocol/jose';
import type { LaunchFile, LeaseLocation } from '#protocol/lease';
import type { ToSession } from '#protocol/session-process';
import { ownTlsContext } from '#runtime/channel/exchange';
import { openExchangePort } from '#runtime/channel/exchange-port';
import { identityOf } from '#runtime/channel/identity';
import { componentSigner, newEd25519 } from '#runtime/jose/sign';
import { openMetrics } from '#runtime/metrics/metrics';
import { cancel } from '../../../native-host/handlers/cancel.ts';
import { type LaunchReport, launch } from '../../../native-host/launch/launch.ts';
import { isAlive } from '../../../native-host/process-mark.ts';
import { sessionProgram } from '../../../native-host/program-paths.ts';
import { runningSessions } from '../../../native-host/session/record.ts';
import { removeStaleSessions } from '../../../native-host/session/stale-sessions.ts';
import { SILENT } from '../../log.ts';
import { patience } from '../../patience.ts';
import { type Field, HERE, openField } from '../../services/whole-location.ts';
import { untilHolds } from '../../until.ts';
import { DAY, grantClaims, MARA, NOW, newDevice, newWorld, TENANT, WORKSPACE, type World } from '../../vectors/world.ts';
import { keyOf, OWNER, openDevice, saveLeases, type TestDevice } from '../device.ts';

/** A viewer for tests: says a line, shows its desktop and ends when it has heard it back, or stays when the title says so. */
const VIEWER = `#!${process.execPath}
const { connect } = require('node:net');
const { existsSync } = require('node:fs');
const at = process.argv.find((arg) => arg.startsWith('/v:')).slice(3);
if (existsSync(process.argv[1] + '.broken')) process.exit(3);
if (existsSync(process.argv[1] + '.silent')) setInterval(() => {}, 1_000);
else main();
function main() {
const socket = connect(at, () => socket.write('hello session host'));
socket.on('data', () => { console.log('Local framebuffer format'); if (!process.argv.includes('/t:Stays')) socket.end(); });
socket.on('close', () => process.exit(0));
}
`;

let field: Field;
let device: TestDevice;
let viewer: string;
let number = 0;
before(async () => {
  field = await openField();
  await field.settled();
  // A redeemer takes no ticket from before its own start.
  field.clock.seconds += 2;
});
beforeEach(async () => {
  if (process.env['SHOW_LOG'] !== undefined && device !== undefined)
    console.log(await readFile(join(device.home, 'host.log'), 'utf8').catch(() => ''));
  await device?.end();
  device = await openDevice();
  viewer = join(device.home, 'viewer');
  await writeFile(viewer, VIEWER);
  await chmod(viewer, 0o700);
  device.host.config.viewers.rdp = viewer;
});
after(async () => {
  await device.end();
  await field.close();
});

function start(id = 'ledger', launchFile?: LaunchFile) {
  number += 1;
  return device.host.launches.start({
    owner: OWNER,
    resource: { feed: 'apps', id },
    correlationId: `aaaa${String(number).padStart(4, '0')}`,
    launchFile,
  });
}
async function codeOf(launch: ReturnType<typeof start>): Promise<LaunchCode | 'opened'> {
  const report: LaunchReport = await launch.outcome;
  await launch.ended;
  return report.as === 'failed' ? report.code : 'opened';
}
const save = (change: Parameters<typeof saveLeases>[2][number] = {}) =>
  saveLeases(device, field.world, [{ locations: [field.location], ...change }]);
const phases = () => device.launches().map(({ phase }) => phase);
const isRoot = process.getuid?.() === 0;
const isClean = async () => assert.deepEqual(await readdir(join(device.home, 'run')).catch(() => []), [], 'no file is left of it');

async function ticketFile(change: object = {}): Promise<LaunchFile> {
  return field.launchFile(await keyOf(await device.host.vaultOf(OWNER)), change);
}

test('a lease opens a session directly; its viewer gets what the session host says; nothing is left of it', async () => {
  await save();
  const begun = start();
  const report = await begun.outcome;
  assert.ok(report.as === 'opened');
  assert.deepEqual([report.session.route, report.session.mode, report.session.sessionHost], ['direct', 'lease', 'zurich-host-1']);
  await begun.ended;
  assert.deepEqual([...new Set(phases())], ['finding', 'checking', 'choosing', 'redeeming', 'opening', 'running', 'ended']);
  assert.equal(device.launches().filter(({ phase }) => phase === 'ended').length, 1);
  await isClean();
});

test('a launch on a full disk says so; with room again it opens', { skip: !isRoot && 'needs root' }, async () => {
  await save();
  const run = join(device.home, 'run');
  await mkdir(run, { mode: 0o700, recursive: true });
  // Its own folder is all that fits.
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=0700,nr_inodes=1', 'tmpfs', run]);
  try {
    const begun = start();
    const report = await begun.outcome;
    await begun.ended;
    assert.deepEqual(report.as === 'failed' && [report.code, report.error.reason], [3026, 'disk-full']);
  } finally {
    execFileSync('umount', [run]);
  }
  assert.equal(await codeOf(start()), 'opened');
});

test('B-G3a outside, a lease opens a session through the gateway', async () => {
  await save({ locations: [{ ...field.location, connectivity: 'outside' }] });
  const begun = start();
  const report = await begun.outcome;
  assert.ok(report.as === 'opened', JSON.stringify(report));
  assert.deepEqual([report.session.route, report.session.gateway], ['gateway', 'gateway-1']);
  await begun.ended;
});

test('B-G2b a gateway that does not answer does not stop the next one', async () => {
  const dead = { id: 'gateway-0', address: { host: HERE, port: 9 } };
  await save({ locations: [{ ...field.location, connectivity: 'outside', gateways: [dead, ...field.location.gateways] }] });
  assert.equal(await codeOf(start()), 'opened');
});

test('a connector that does not answer does not stop the next one', async () => {
  const dead = { id: 'zurich-connector-0', address: { host: HERE, port: 9 } };
  await save({ locations: [{ ...field.location, connectors: [dead, ...field.location.connectors] }] });
  assert.equal(await codeOf(start()), 'opened');
});

test('B-N6a, B-R8a another location opens it when the first refuses', async () => {
  const bern = { ...field.location, id: 'bern', name: 'Bern' };
  await save({ locations: [{ ...bern, connectors: field.location.connectors, gateways: [] }, field.location] });
  assert.equal(await codeOf(start()), 'opened');
});

/** A location whose connector refuses every launch for good, and how often it was asked. */
async function refusingLocation(id: string): Promise<{ readonly location: LeaseLocation; readonly asked: () => number }> {
  let asked = 0;
  const component = await field.component('connector', `${id}-connector-1`, id);
  const { address } = await openExchangePort({
    listen: { host: HERE, port: 0 },
    identity: identityOf(component),
    context: ownTlsContext(component),
    handlers: {
      launch: async () => {
        asked += 1;
        throw new HoldfastError(3020);
      },
    },
    now: field.now,
    signal: field.signal,
    log: SILENT,
    metrics: openMetrics(),
  });
  const connectors = [{ id: component.id, address }];
  return { location: { id, name: id, connectivity: 'inside', connectors, gateways: [] }, asked: () => asked };
}

test('each of the lease’s locations is asked, and one that refused is not asked again', async () => {
  const [bern, basel] = await Promise.all(['bern', 'basel'].map(refusingLocation));
  assert.ok(bern !== undefined && basel !== undefined);
  await save({ locations: [bern.location, basel.location] });
  assert.equal(await codeOf(start()), 3020);
  assert.deepEqual([bern.asked(), basel.asked()], [1, 1]);
  const { refusals } = device.host.reachabilities.found(OWNER);
  assert.deepEqual(
    refusals.map(({ resource, error }) => [resource, error.code]),
    [[{ feed: 'apps', id: 'ledger' }, 3020]],
    'the tile is dimmed by it',
  );
});

test('locations are asked at once after a launch that nobody answered and at the end of a session, and not otherwise', async (t) => {
  const doubts = t.mock.method(device.host.reachabilities, 'doubt', () => {}).mock;
  const doubtsAfter = async (location: LeaseLocation, outcome: LaunchCode | 'opened') => {
    await save({ locations: [location] });
    doubts.resetCalls();
    assert.equal(await codeOf(start()), outcome);
    return doubts.callCount();
  };
  const dead = { id: 'zurich-connector-1', address: { host: HERE, port: 9 } };
  assert.equal(await doubtsAfter({ ...field.location, connectors: [dead], gateways: [] }, 3023), 1);
  assert.equal(await doubtsAfter((await refusingLocation('bern')).location, 3020), 0);
  assert.equal(await doubtsAfter(field.location, 'opened'), 1);
  assert.deepEqual(device.host.reachabilities.found(OWNER).refusals, [], 'it has opened since');
});

test('a launch ticket is used where there is one', async () => {
  await device.host.trust.meet(WORKSPACE, {
    rootBundle: field.world.signedBundle,
    revocations: field.world.listToken(),
    statement: field.world.component('workspace', 'workspace-1').statement,
  });
  const begun = start('ledger', await ticketFile());
  const report = await begun.outcome;
  assert.ok(report.as === 'opened', JSON.stringify(report));
  assert.equal(report.session.mode, 'ticket');
  await begun.ended;
});

test('B-N5c a ticket that is refused leads to the lease, silently', async () => {
  await save();
  const used = await ticketFile({ exp: NOW - 600, iat: NOW - 690 });
  const begun = start('ledger', used);
  const report = await begun.outcome;
  assert.ok(report.as === 'opened');
  assert.equal(report.session.mode, 'lease');
  assert.equal(device.launches().filter(({ error }) => error !== undefined).length, 0);
  await begun.ended;
});

/** A page has genuine files of its own, may put anything together, and names a place of its choice on the way. */
const chosen = (says: string, forge: (trap: LeaseLocation, genuine: LaunchFile) => LaunchFile | Promise<LaunchFile>) =>
  void test(`by a place ${says}`, async () => {
    await device.host.trust.meet(WORKSPACE, {
      rootBundle: field.world.signedBundle,
      revocations: field.world.listToken(),
      statement: field.world.component('workspace', 'workspace-1').statement,
    });
    let came = 0;
    const listener = createServer((socket) => {
      came += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => listener.listen(0, HERE, resolve));
    const address = listener.address();
    assert.ok(typeof address === 'object' && address !== null);
    const trap = {
      ...field.location,
      connectors: [{ id: 'zurich-connector-1', address: { host: HERE, port: address.port } }],
      gateways: [{ id: 'gateway-1', address: { host: HERE, port: address.port } }],
    };
    try {
      assert.equal(await codeOf(start('ledger', await forge(trap, await ticketFile()))), 3020);
      assert.equal(came, 0);
      assert.ok(!(await readFile(join(device.home, 'host.log'), 'utf8')).includes(String(address.port)), 'and the log tells nothing of it');
    } finally {
      listener.close();
    }
  });
const mine = async (change: object, ...by: [LeaseLocation, ReturnType<World['component']>?]) =>
  field.launchFile(await keyOf(await device.host.vaultOf(OWNER)), change, ...by);
describe('B-N1c no page chooses what this device connects to', () => {
  chosen('addresses without a signature', (trap, genuine) => ({
    ...genuine,
    locator: { ...genuine.locator, token: rewritten(genuine.locator.token, trap) },
  }));
  chosen('signed by a key that nobody states', (trap, genuine) => {
    const token = componentSigner(newEd25519()).sign(TYP.locator, { tenant: TENANT, location: trap, iat: NOW });
    return { ...genuine, locator: { ...genuine.locator, token } };
  });
  for (const role of ['workspace', 'tickets', 'connector', 'session-host'] as const) {
    chosen(`signed by a ${role}`, (trap) => mine({}, trap, field.world.component(role, 'other', 'zurich')));
  }
  chosen('of another tenant’s broker', (trap) => mine({}, trap, newWorld().component('broker', 'broker-1')));
  chosen('of another location', (trap) => mine({}, { ...trap, id: 'bern' }));
  chosen('with a ticket that nobody signed', (_trap, genuine) => ({
    ...genuine,
    ticket: `${genuine.ticket.slice(0, -86)}${'A'.repeat(86)}`,
    statement: genuine.locator.statement,
  }));
  chosen('with another device’s ticket', async (trap) => field.launchFile(newDevice(), {}, trap));
});

function rewritten(token: string, location: LeaseLocation): string {
  const [header, payload = '', signature] = token.split('.');
  const claims = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), location };
  return [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
}

test('the session outlives its launch and is listed until it ends', async () => {
  await save({ resource: { ...field.world.leasable.resource, name: 'Stays' } });
  const begun = start();
  const report = await begun.outcome;
  assert.ok(report.as === 'opened');
  const [listed, ...others] = await runningSessions(device.home);
  assert.deepEqual(listed?.session, report.session);
  assert.equal(others.length, 0);
  const pid = listed?.pid ?? 0;
  assert.ok(isAlive(pid) && pid !== process.pid);
  begun.cancel();
  await begun.ended;
  await untilHolds(() => !isAlive(pid));
  assert.deepEqual(await runningSessions(device.home), []);
  await isClean();
});

/** A session process whose host has ended right after the click: nobody hears, nobody speaks. */
async function sessionAlone(vault: Awaited<ReturnType<typeof save>>) {
  const resource = { feed: 'apps', id: 'ledger', name: 'Stays', kind: 'app', protocol: 'rdp' } as const;
  const broker = field.world.component('broker', 'broker-1');
  const folder = join(device.home, 'run', '0123abcd');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', sessionProgram()], {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, HOLDFAST_HOST_HOME: device.home },
  });
  const orders: ToSession[] = [
    { type: 'prepare', correlationId: 'cccc0001', protocol: 'rdp', folder, viewers: { rdp: viewer } },
    {
      type: 'open',
      ...OWNER,
      resource,
      mode: 'lease',
      grant: broker.signer.sign(TYP.grant, grantClaims(await keyOf(vault), { resource, iat: field.now(), exp: field.now() + 60 })),
      statement: broker.statement,
      sessionHost: 'zurich-host-1',
      location: 'zurich',
      meeting: { route: 'direct', address: field.host.address },
      now: NOW,
      trust: { rootBundle: field.world.signedBundle, revocations: field.world.listToken() },
    },
  ];
  for (const order of orders) child.stdin.write(`${JSON.stringify(order)}\n`);
  child.stdin.end();
  child.stdout.destroy();
  return child;
}

test('B-N8g the session goes on when host and browser are gone, and still ends without a trace', async () => {
  const child = await sessionAlone(await save());
  await untilHolds(async () => (await runningSessions(device.home)).length === 1);
  const [file] = await runningSessions(device.home);
  assert.equal(file?.pid, child.pid);
  assert.deepEqual(await cancel(device.host, { ...OWNER, correlationId: 'cccc0001' }), { cancelled: true });
  await untilHolds(() => !isAlive(child.pid ?? 0));
  assert.deepEqual(await runningSessions(device.home), []);
  await isClean();
});

test('a viewer that ends is started by nobody once more when the host is gone', async () => {
  const vault = await save();
  await writeFile(`${viewer}.broken`, '');
  const child = await sessionAlone(vault);
  const [code] = await once(child, 'exit');
  assert.equal(code, 0);
  await isClean();
});

test('what a killed session process has left is swept when it is old enough', async () => {
  const folder = join(device.home, 'run', '0123abcd');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await removeStaleSessions(device.home, Date.now());
  assert.deepEqual(await readdir(join(device.home, 'run')), ['0123abcd']);
  await removeStaleSessions(device.home, Date.now() + 900_000);
  await isClean();
});

const unopened = (code: LaunchCode, says: string, launch: () => Promise<ReturnType<typeof start>>) =>
  void test(`${code} ${says}`, async () => {
    assert.equal(await codeOf(await launch()), code);
    const ended = device.launches().filter(({ phase }) => phase === 'ended');
    assert.equal(ended.length, 1);
    assert.equal(ended[0]?.error?.correlationId, `aaaa${String(number).padStart(4, '0')}`);
    await isClean();
  });

unopened(3000, 'nothing is saved', async () => start());
unopened(3002, 'other resources are saved, this one is not', async () => {
  await save();
  return start('atlas');
});
unopened(3002, 'a file of it is missing', async () => {
  const vault = await save();
  await eachLeaseFile(vault.folder, (path) => rm(path));
  return start();
});
unopened(3003, 'the lease names no location', async () => {
  await save({ locations: [] });
  return start();
});
unopened(3004, 'the lease names locations without a way in', async () => {
  await save({ locations: [{ ...field.location, connectors: [], gateways: [] }] });
  return start();
});
unopened(3005, 'the launch file is empty and there is no lease', async () => start('ledger', { ...(await ticketFile()), ticket: 'a.b.c' }));
unopened(3005, 'the ticket’s redeemer is none of the ways into its location, and there is no lease', async () => {
  await device.host.trust.meet(WORKSPACE, {
    rootBundle: field.world.signedBundle,
    revocations: field.world.listToken(),
    statement: field.world.component('workspace', 'workspace-1').statement,
  });
  return start('ledger', await mine({ aud: 'zurich-connector-9' }, { ...field.location, gateways: [] }));
});
unopened(3006, 'the lease has ended', async () => {
  await save();
  device.clock.ms += 8 * DAY * 1_000;
  return start();
});
unopened(3007, 'a file of the lease was altered', async () => {
  const vault = await save();
  await eachLeaseFile(vault.folder, async (path) => writeFile(path, flipped(await readFile(path))));
  return start();
});
unopened(3009, 'what is known of the root of trust was altered', async () => {
  const vault = await save();
  const manifest = JSON.parse(await readFile(join(vault.folder, 'manifest.json'), 'utf8'));
  manifest.rootBundle.signatures.length = 1;
  await writeFile(join(vault.folder, 'manifest.json'), JSON.stringify(manifest));
  return start();
});
unopened(3010, 'no resource is named', async () => start(''));
unopened(3020, 'the ticket is not one of this tenant’s and there is no lease', async () => {
  await device.host.trust.meet(WORKSPACE, {
    rootBundle: field.world.signedBundle,
    revocations: field.world.listToken(),
    statement: field.world.component('workspace', 'workspace-1').statement,
  });
  return start('ledger', await ticketFile({ tenant: 'fabrikam' }));
});
unopened(3021, 'no way into its locations from where devices are', async () => {
  const location: LeaseLocation = { ...field.location, connectivity: 'inside', connectors: [] };
  assert.equal(candidatesFor([location]).length, 0);
  await save({ locations: [location] });
  return start();
});
unopened(3021, 'a gateway answers, and none of its site’s connectors answers the gateway', async () => {
  const dead = { id: 'bern-connector-1', address: { host: HERE, port: 9 } };
  await save({ locations: [{ ...field.location, id: 'bern', connectors: [dead] }] });
  return start();
});
unopened(3022, 'the location refuses a person who is blocked', async () => {
  const stranger = { ...field.world.leasable, locations: [field.location] };
  const vault = await device.host.vaultOf(OWNER);
  const { jkt } = await keyOf(vault);
  for (const { component } of field.connectors) {
    component.tell([{ target: { kind: 'device', jkt }, from: NOW - 10, until: NOW + DAY, forget: NOW + 40 * DAY }], 2 + number);
  }
  await save(stranger);
  return start();
});
unopened(3023, 'nobody answers', async () => {
  const dead = { id: 'zurich-connector-1', address: { host: HERE, port: 9 } };
  await save({ locations: [{ ...field.location, connectors: [dead], gateways: [] }] });
  return start();
});
unopened(3024, 'cancelled while it is under way', async () => {
  await save();
  const begun = start();
  begun.cancel();
  return begun;
});
unopened(3025, 'refused again and again', async () => {
  await save({ revocation: { mode: 'strict', maxStaleSeconds: 300 } });
  field.clock.seconds += 3_600;
  const begun = start();
  void begun.outcome.then(() => {
    field.clock.seconds -= 3_600;
  });
  return begun;
});
unopened(3026, 'the viewer can’t be started, twice', async () => {
  await save();
  await writeFile(`${viewer}.broken`, '');
  return start();
});

test('a viewer that is not installed is named with what to install, before anything is redeemed', async () => {
  await save();
  device.host.config.viewers.rdp = '/nowhere/xfreerdp';
  assert.equal(await codeOf(start()), 3026);
  const error = device.launches().at(-1)?.error;
  assert.equal(error?.code, 'missing_viewer');
  assert.equal(error?.reason, 'rdp');
});

test('B-W11c cancel wins while the viewer is starting, within a second, and leaves no process and no file', async () => {
  await save();
  await writeFile(`${viewer}.silent`, '');
  const begun = start();
  await untilHolds(() => device.launches().some(({ detail }) => detail === 'FreeRDP'));
  const viewers = await processesWith(viewer);
  assert.equal(viewers.length, 1);
  const cancelled = performance.now();
  begun.cancel();
  assert.equal(await codeOf(begun), 3024);
  assert.ok(performance.now() - cancelled < 1_000, 'within 1 s');
  await untilHolds(async () => (await processesWith(viewer)).length === 0);
  await isClean();
});

/** Holds the next call of a method until it is let go on. */
function held(t: TestContext, parts: object, method: string) {
  const [called, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const really = Reflect.get(parts, method);
  const mock = t.mock.method(parts as Record<string, () => unknown>, method, async (...given: unknown[]) => {
    called.resolve();
    await goOn.promise;
    return really(...given);
  });
  return {
    called: called.promise,
    goOn: () => {
      goOn.resolve();
      mock.mock.restore();
    },
  };
}

describe('B-W11c a launch that is cancelled starts nothing afterwards', () => {
  const cancelledIn = async (step: ReturnType<typeof held>, launchFile?: LaunchFile) => {
    const begun = start('ledger', launchFile);
    await step.called;
    begun.cancel();
    assert.equal(await codeOf(begun), 3024);
    step.goOn();
    // Long enough for a session process to have come.
    assert.equal(await codeOf(start()), 'opened');
    await isClean();
  };

  test('while its lease is checked', async (t) => {
    await cancelledIn(held(t, await save(), 'check'));
  });

  test('while its ticket is checked', async (t) => {
    await save();
    const launchFile = await ticketFile();
    await cancelledIn(held(t, device.host.trust, 'of'), launchFile);
  });
});

test('what a step says that was given up counts for nothing', async () => {
  await save();
  const late = Promise.withResolvers<undefined>();
  const { home, config, clock, trust, log, vaultOf, reachabilities, trustFor } = device.host;
  const begun = launch(
    {
      ...{ home, config, clock, trust, log, vaultOf, reachabilities },
      // The ticket's root of trust is not answered in time; then the lease is redeemed, and the answer comes.
      trustFor: (owner, online) => (online ? late.promise : trustFor(owner, false)),
      emit: (event) => void (event.event === 'launch' && event.phase === 'redeeming' && event.mode === 'lease' && late.resolve(undefined)),
      settings: { ...LAUNCH_SETTINGS, findMs: patience(500), checkMs: patience(500), redeemMs: patience(1_000) },
    },
    { owner: OWNER, resource: { feed: 'apps', id: 'ledger' }, correlationId: 'bbbb0002', launchFile: await ticketFile() },
  );
  assert.equal(await codeOf(begun), 'opened');
});

test('a page that clicks faster than any person is held back', async () => {
  const begun = Array.from({ length: 8 }, () => start('atlas'));
  assert.throws(() => start('atlas'), { code: 'too_many' });
  await Promise.all(begun.map(({ ended }) => ended));
});

test('a lease of another person on the same device is refused', async () => {
  await save();
  const theirs = { workspace: WORKSPACE, subject: 'somebody-else-1' };
  const begun = device.host.launches.start({ owner: theirs, resource: { feed: 'apps', id: 'ledger' }, correlationId: 'bbbb0001' });
  assert.equal(await codeOf(begun), 3000);
  assert.notEqual(MARA.subject, theirs.subject);
});

/** Processes that have this word in their command line. */
async function processesWith(word: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/u.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return pids.filter((_pid, index) => lines[index]?.split('\0').includes(word));
}

async function eachLeaseFile(folder: string, change: (path: string) => Promise<void>): Promise<void> {
  for (const name of await readdir(join(folder, 'leases'))) await change(join(folder, 'leases', name));
}
function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.length >> 1] = (copy[copy.length >> 1] ?? 0) ^ 1;
  return copy;
}
