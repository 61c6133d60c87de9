/** What must not open: altered, copied and mixed leases, blocked people, gateways that are not what they say, used tickets. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { SyncStatus } from '#protocol/host';
import { parse } from '#protocol/parse';
import type { DeviceKeyFile } from '#protocol/vault';
import { newP256 } from '#runtime/jose/sign';
import { UPN_DOMAIN } from '../../cli/up/people.ts';
import { until } from '../until.ts';
import { onCopiesIn } from './copies.ts';
import { copyDevice, type Device, KINDS, manifestIn } from './device.ts';
import { openBox } from './gateway-box.ts';
import { type Harness, startHarness } from './harness.ts';
import { prepare } from './outages.ts';
import { type Place, standIn, standingFor } from './stand-in.ts';
import { freePortBase } from './system.ts';
import { presentAgain, ticketOf } from './tickets.ts';

let holdfast: Harness;
before(async () => {
  holdfast = await startHarness();
});
after(() => holdfast.end());

const { onCopy, isRefused, opens } = onCopiesIn(() => holdfast);
const hostHome = () => join(holdfast.system.report.dataDir, 'host');

/** The device's keys, some or all of them exchanged for new ones. */
function giveKeys(device: Device, keys: Omit<DeviceKeyFile, 'v'>): void {
  writeFileSync(join(device.vault, 'device.json'), JSON.stringify({ v: 1, ...keys } satisfies DeviceKeyFile));
}

function flipped(content: Buffer): Buffer {
  const at = Math.floor(content.length / 2);
  return Buffer.from(content.map((byte, index) => (index === at ? byte ^ 1 : byte)));
}

test('alice signs in once', (t) => prepare(t, holdfast));

test('B-N2d leases copied to a device with other keys are useless there', async () => {
  await onCopy(async (device) => {
    giveKeys(device, { sign: newP256(), enc: newP256() });
    for (const resource of ['terminal', 'archive', 'linux-desktop']) await isRefused(device, resource, 3002, /missing or unreadable/u);
  });
  await holdfast.system.untilUp();
});

describe('B-L4b any change is detected', () => {
  for (const kind of KINDS) {
    test(`one byte flipped in the ${kind} file: that lease is refused, another opens a session`, async () => {
      await onCopy(async (device) => {
        const entry = device.entry('terminal');
        device.overwrite(entry, kind, flipped(device.bytes(entry, kind)));
        await isRefused(device, 'terminal', 3007, /altered/u);
        await opens(device, 'archive', /Archive/u);
      });
      await holdfast.system.untilUp();
    });
  }

  test('a byte flipped with the manifest made to fit is found by seal and signature', async () => {
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
    test(`the ${kind} files of two resources swapped, with the manifest made to fit: both are refused`, async () => {
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

  test('all three files of one resource in the place of another’s: refused, not opened under the wrong name', async () => {
    await onCopy(async (device) => {
      const [asked, given] = [device.entry('terminal'), device.entry('archive')];
      for (const kind of KINDS) device.replace(asked, kind, device.bytes(given, kind));
      await isRefused(device, 'terminal', 3007, /altered/u);
    });
    await holdfast.system.untilUp();
  });

  test('files of two generations mixed: refused', async (t) => {
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
});

/** As if the last sync had been a day ago: the portal's next visit fetches a new generation. */
function ageLastSync(vault: string): void {
  const file = join(vault, 'sync.json');
  const status = parse(SyncStatus, JSON.parse(readFileSync(file, 'utf8')));
  writeFileSync(file, JSON.stringify({ ...status, lastSuccess: Date.now() - 25 * 3_600_000 }));
}

const behindBox =
  (kind: 'passing' | 'terminating') =>
  async ({ port, dataDir }: Place) => {
    const behind = await freePortBase();
    const gateway = await standIn(dataDir, 'gateway-1', { port: behind });
    return [await openBox(kind, port, behind), gateway];
  };
const wrongStatement = async ({ dataDir }: Place) => [await standIn(dataDir, 'gateway-1', { statementOf: 'gateway-2' })];

const UNTRUSTED = /gateway gateway-1 of zurich.*untrusted_peer/u;

test('a box that opens the TLS in front of the gateway is not talked to', async () => {
  await onCopy(async (device) => {
    await standingFor(holdfast.system, 'gateway-1', behindBox('terminating'), () =>
      isRefused(device, 'terminal', 3009, /can.t be trusted/u),
    );
    assert.match(device.log(), UNTRUSTED);
  });
});

test('a box that passes the connection on unopened is no obstacle: the gateway itself answers', async () => {
  await onCopy(async (device) => {
    await standingFor(holdfast.system, 'gateway-1', behindBox('passing'), () =>
      isRefused(device, 'terminal', 3021, /None of its locations has it/u),
    );
    assert.doesNotMatch(device.log(), UNTRUSTED);
  });
});

test('a gateway that shows another one’s statement is not talked to', async () => {
  await onCopy(async (device) => {
    await standingFor(holdfast.system, 'gateway-1', wrongStatement, () => isRefused(device, 'terminal', 3009, /can.t be trusted/u));
    assert.match(device.log(), UNTRUSTED);
  });
});

test('B-L8b a launch ticket is good once, even for the device that it was made for', async (t) => {
  const file = await ticketOf(t, holdfast, 'used');
  await onCopy(async (device) => assert.equal(await presentAgain(device, file), 'ticket_used'));
  await holdfast.system.untilUp();
});

test('a blocked person’s leases are refused within seconds, and open again when the block is removed', async () => {
  await onCopy(async (device) => {
    const { system } = holdfast;
    const admin = (...args: string[]) => {
      const ran = system.command('admin', ...args);
      assert.equal(ran.status, 0, ran.stderr);
      return ran.stdout;
    };
    // By name: the Workspace has told the root of trust whom that means.
    const [said = '', listed = ''] = admin('block', '--user', `alice@${UPN_DOMAIN}`, '--days', '1').split('\n');
    assert.ok(said.startsWith(`Blocked: user ${device.owner.subject} (alice@${UPN_DOMAIN}), last seen `), said);
    await until('the block has arrived', async () => (await device.launch('terminal')).answer === 3022, 10_000);
    await isRefused(device, 'archive', 3022, /refused|blocked/u);
    admin('unblock', listed.split(' ', 1)[0] ?? '');
    await until('the removal has arrived', async () => (await device.launch('terminal')).answer === 'opened', 10_000);
    await holdfast.screen.closeWindows();
  });
  await holdfast.system.untilUp();
});
