/** What must not open: altered, copied and mixed leases, blocked people, gateways that are not what they say, used tickets. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { candidatesFor } from '#core/placement/candidates';
import { readJws } from '#core/trust/jws';
import { SyncStatus } from '#protocol/host';
import { TYP } from '#protocol/jose';
import { LaunchFile, Ticket } from '#protocol/lease';
import { parse } from '#protocol/parse';
import type { DeviceKeyFile } from '#protocol/vault';
import { raceChannels } from '#runtime/channel/race';
import { nodeCrypto } from '#runtime/jose/primitives';
import { newP256 } from '#runtime/jose/sign';
import { readFileKey } from '../../native-host/device-key/file-key.ts';
import { presentTicket } from '../../native-host/launch/present.ts';
import { trustFrom } from '../../native-host/trust-store.ts';
import { copyDevice, type Device, exitOf, KINDS, manifestIn } from './device.ts';
import { openBox, type Standing, standInGateway } from './gateway-box.ts';
import { type Harness, startHarness } from './harness.ts';
import { prepare, VIEWED } from './outages.ts';
import { freePortBase } from './system.ts';
import { until } from './until.ts';

let holdfast: Harness;
before(async () => {
  holdfast = await startHarness();
});
after(() => holdfast.end());

const hostHome = () => join(holdfast.system.report.dataDir, 'host');

/** Work on a copy of the device, which goes away afterwards with its sessions and their windows. */
async function onCopy(work: (device: Device) => Promise<void>): Promise<void> {
  const device = copyDevice(hostHome(), holdfast.screen.display);
  try {
    await work(device);
  } finally {
    await holdfast.screen.closeWindows();
    await device.end();
  }
}

async function isRefused(device: Device, resource: string, code: number, words: RegExp): Promise<void> {
  const launched = await device.launch(resource);
  assert.equal(launched.answer, code, launched.message);
  assert.equal(launched.exit, exitOf(code));
  assert.match(launched.message, words);
  assert.deepEqual(holdfast.screen.windows(), [], 'no window');
}

async function opens(device: Device, resource: string, window: RegExp): Promise<void> {
  const launched = await device.launch(resource);
  assert.equal(launched.answer, 'opened', launched.message);
  await until(`the window ${window}`, () => holdfast.screen.windows().some((name) => window.test(name)));
  assert.match(await holdfast.sessionOutput(window, 'echo $((6 * 7))'), /^42\n/u);
  await holdfast.screen.closeWindows();
}

/** The device's keys, some or all of them exchanged for new ones. */
function giveKeys(device: Device, keys: Omit<DeviceKeyFile, 'v'>): void {
  writeFileSync(join(device.vault, 'device.json'), JSON.stringify({ v: 1, ...keys } satisfies DeviceKeyFile));
}

function flipped(content: Buffer): Buffer {
  const at = Math.floor(content.length / 2);
  return Buffer.from(content.map((byte, index) => (index === at ? byte ^ 1 : byte)));
}

test('B-N4 alice signs in once', (t) => prepare(t, holdfast));

test('B-N2, B-L4 leases copied to a device with other keys are useless there', async () => {
  await onCopy(async (device) => {
    giveKeys(device, { sign: newP256(), enc: newP256() });
    for (const resource of ['terminal', 'archive', 'linux-desktop']) await isRefused(device, resource, 3002, /missing or unreadable/u);
  });
  await holdfast.system.untilUp();
});

for (const kind of KINDS) {
  test(`B-L4, B-N7 one byte flipped in the ${kind} file: that lease is refused, another opens a session`, async () => {
    await onCopy(async (device) => {
      const entry = device.entry('terminal');
      device.overwrite(entry, kind, flipped(device.bytes(entry, kind)));
      await isRefused(device, 'terminal', 3007, /altered/u);
      await opens(device, 'archive', /Archive/u);
    });
    await holdfast.system.untilUp();
  });
}

test('B-L4, B-N7 a byte flipped with the manifest made to fit is found by seal and signature', async () => {
  await onCopy(async (device) => {
    const codes = { terminal: ['metadata', 3002], archive: ['common', 3007], 'build-server': ['location', 3007] } as const;
    for (const [resource, [kind, code]] of Object.entries(codes)) {
      const entry = device.entry(resource);
      device.replace(entry, kind, flipped(device.bytes(entry, kind)));
      await isRefused(device, resource, code, /saved access/u);
    }
  });
  await holdfast.system.untilUp();
});

for (const kind of KINDS) {
  test(`B-L4 the ${kind} files of two resources swapped, with the manifest made to fit: both are refused`, async () => {
    await onCopy(async (device) => {
      const [one, other] = [device.entry('terminal'), device.entry('linux-desktop')];
      const [ofOne, ofOther] = [device.bytes(one, kind), device.bytes(other, kind)];
      device.replace(one, kind, ofOther);
      device.replace(other, kind, ofOne);
      for (const resource of ['terminal', 'linux-desktop']) await isRefused(device, resource, 3007, /altered/u);
    });
    await holdfast.system.untilUp();
  });
}

test('B-L4 all three files of one resource in the place of another’s: refused, not opened under the wrong name', async () => {
  await onCopy(async (device) => {
    const [asked, given] = [device.entry('terminal'), device.entry('archive')];
    for (const kind of KINDS) device.replace(asked, kind, device.bytes(given, kind));
    await isRefused(device, 'terminal', 3007, /altered/u);
  });
  await holdfast.system.untilUp();
});

test('B-L4 files of two generations mixed: refused', async (t) => {
  const before = copyDevice(hostHome(), holdfast.screen.display);
  try {
    const { generation } = before.manifest();
    const vault = join(hostHome(), basename(before.vault));
    ageLastSync(vault);
    await holdfast.inPortal(t, async (portal) => {
      await portal.page.goto(holdfast.system.report.workspaceUrl, { waitUntil: 'domcontentloaded' });
      await until('newer leases', () => manifestIn(vault).generation > generation);
    });
    await onCopy(async (device) => {
      const mixed = { terminal: 'metadata', archive: 'common', 'build-server': 'location' } as const;
      for (const [resource, kind] of Object.entries(mixed)) {
        device.replace(device.entry(resource), kind, before.bytes(before.entry(resource), kind));
        await isRefused(device, resource, 3007, /altered/u);
      }
    });
  } finally {
    await before.end();
  }
  await holdfast.system.untilUp();
});

/** As if the last sync had been a day ago: the portal's next visit fetches a new generation. */
function ageLastSync(vault: string): void {
  const file = join(vault, 'sync.json');
  const status = parse(SyncStatus, JSON.parse(readFileSync(file, 'utf8')));
  writeFileSync(file, JSON.stringify({ ...status, lastSuccess: Date.now() - 25 * 3_600_000 }));
}

/**
 * Only one gateway's place is left to get to a site, and something else stands there. The root of trust is away: it would know the
 * gateway by its key and mend a wrong statement.
 */
async function inPlaceOfGateway(stand: (port: number, dataDir: string) => Promise<readonly Standing[]>, work: () => Promise<void>) {
  const { system } = holdfast;
  const broken = ['zurich-connector-1', 'zurich-connector-2', 'bern-connector-1', 'bern-connector-2', 'pop-1', 'pop-2', 'root-of-trust'];
  const address = system.report.components.find(({ name }) => name === 'pop-1')?.addresses[0] ?? assert.fail('pop-1');
  for (const component of broken) await system.outage(component, 'stop');
  let standing: readonly Standing[] = [];
  try {
    standing = await stand(Number(address.split(':')[1]), system.report.dataDir);
    await work();
  } finally {
    for (const one of standing) await one.end();
    for (const component of broken) await system.outage(component, 'restore');
    await holdfast.system.untilUp();
  }
}

const behindBox = (kind: 'passing' | 'terminating') => async (port: number, dataDir: string) => {
  const behind = await freePortBase();
  const gateway = await standInGateway(dataDir, 'pop-1', { port: behind });
  return [await openBox(kind, port, behind), gateway];
};
const wrongStatement = async (_port: number, dataDir: string) => [await standInGateway(dataDir, 'pop-1', { statementOf: 'pop-2' })];

const UNTRUSTED = /gateway pop-1 of zurich.*could not prove who it is/u;

test('B-G1 a box that opens the TLS in front of the gateway is not talked to', async () => {
  await onCopy(async (device) => {
    await inPlaceOfGateway(behindBox('terminating'), () => isRefused(device, 'terminal', 3009, /can.t be trusted/u));
    assert.match(device.log(), UNTRUSTED);
  });
});

test('B-G1 a box that passes the connection on unopened is no obstacle: the gateway itself answers', async () => {
  await onCopy(async (device) => {
    await inPlaceOfGateway(behindBox('passing'), () => isRefused(device, 'terminal', 3021, /None of its sites has it/u));
    assert.doesNotMatch(device.log(), UNTRUSTED);
  });
});

test('B-G1, B-L6 a gateway that shows another one’s statement is not talked to', async () => {
  await onCopy(async (device) => {
    await inPlaceOfGateway(wrongStatement, () => isRefused(device, 'terminal', 3009, /can.t be trusted/u));
    assert.match(device.log(), UNTRUSTED);
  });
});

test('B-L8 a launch ticket is good once, even for the device that it was made for', async (t) => {
  const file = await ticketOfLaunch(t);
  await onCopy(async (device) => {
    const { rootBundle, revocations } = device.manifest();
    const trust = trustFrom(rootBundle, [], revocations);
    const key = (await readFileKey(device.vault)) ?? assert.fail('no device key');
    const ticket = readJws(nodeCrypto, file.ticket, TYP.ticket, Ticket);
    assert.ok(ticket.ok);
    const result = await raceChannels({
      candidates: candidatesFor([file.location], ticket.value.unverified.aud),
      credential: 'ticket',
      presentTo: presentTicket(key, file, file.correlationId),
      trust: () => trust,
      signal: AbortSignal.timeout(30_000),
    });
    assert.equal(result.as, 'refused');
    assert.equal(result.error.code, 'ticket_used');
  });
  await holdfast.system.untilUp();
});

/** What the Workspace gave the portal for a launch that went well: the page keeps a copy of what it fetched. */
async function ticketOfLaunch(t: TestContext): Promise<LaunchFile> {
  const given = Promise.withResolvers<LaunchFile>();
  await holdfast.inPortal(t, async (portal) => {
    await portal.page.evaluateOnNewDocument(() => {
      const fetched = window.fetch.bind(window);
      window.fetch = async (input, init) => {
        const answer = await fetched(input, init);
        if (input === '/api/v1/launches') Object.assign(window, { launchFile: await answer.clone().text() });
        return answer;
      };
    });
    await portal.page.goto(holdfast.system.report.workspaceUrl, { waitUntil: 'domcontentloaded' });
    await portal.untilText(/Ready for an outage/u, 60_000);
    await portal.launch('Terminal');
    await VIEWED.ssh.seen(holdfast);
    await holdfast.screen.closeWindows();
    given.resolve(parse(LaunchFile, JSON.parse(await portal.page.evaluate(() => String(Reflect.get(window, 'launchFile'))))));
  });
  return given.promise;
}

test('B-L5 a blocked person’s leases are refused within seconds, and open again when the block is removed', async () => {
  await onCopy(async (device) => {
    const { system } = holdfast;
    const admin = (...args: string[]) => {
      const ran = system.command('admin', ...args);
      assert.equal(ran.status, 0, ran.stderr);
    };
    admin('block', '--user', device.owner.subject, '--days', '1');
    await until('the block has arrived', async () => (await device.launch('terminal')).answer === 3022, 10_000);
    await isRefused(device, 'archive', 3022, /refused|blocked/u);
    admin('unblock', '0');
    await until('the removal has arrived', async () => (await device.launch('terminal')).answer === 'opened', 10_000);
    await holdfast.screen.closeWindows();
  });
  await holdfast.system.untilUp();
});
