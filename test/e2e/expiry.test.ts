/** Leases end: by the device's own clock, and by the clocks of gateway and connector where the device's is wrong. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import * as v from 'valibot';
import { parse } from '#protocol/parse';
import { until } from '../until.ts';
import { clockAhead } from './clock.ts';
import { onCopiesIn } from './copies.ts';
import { type Harness, startHarness } from './harness.ts';
import { prepare } from './outages.ts';
import { standIn, standingFor } from './stand-in.ts';

let holdfast: Harness;
before(async () => {
  holdfast = await startHarness();
});
after(() => holdfast.end());

const { onCopy, isRefused, opens } = onCopiesIn(() => holdfast);
/** The site's lease period is seven days (cli/up/site.ts). */
const WITHIN = clockAhead(6);
const BEYOND = clockAhead(8);
const ENDED = /Your saved access has ended/u;

test('alice signs in once', (t) => prepare(t, holdfast));

test('a device whose clock is past the lease’s end does not try it; a day before the end it opens', async () => {
  await onCopy(async (device) => {
    await isRefused(device, 'terminal', 3006, ENDED, BEYOND);
    await opens(device, 'terminal', /Terminal/u, WITHIN);
  });
  await holdfast.system.untilUp();
});

const PLACES = {
  'a gateway': { name: 'gateway-1', resource: 'archive', window: /Archive/u },
  'a connector': { name: 'zurich-connector-1', resource: 'build-server', window: /Build server/u },
} as const;

for (const [what, { name, resource, window }] of Object.entries(PLACES)) {
  test(`${what} refuses an ended lease whatever the device's clock says, and goes on`, async () => {
    await onCopy(async (device) => {
      const eightDaysOn = async ({ dataDir }: { dataDir: string }) => [await standIn(dataDir, name, { env: BEYOND })];
      await standingFor(holdfast.system, name, eightDaysOn, async () => {
        for (let attempt = 0; attempt < 2; attempt++) await isRefused(device, resource, 3006, ENDED);
      });
      assert.match(device.log(), new RegExp(`${name} refused: 3006`, 'u'));
      await opens(device, resource, window);
    });
  });
}

test('in an outage an ended lease dims its tile and says so; with the clock put right it opens', async (t) => {
  const { system } = holdfast;
  await system.outage('cloud', 'stop');
  const first = async (look: (portal: Parameters<Parameters<Harness['inPortal']>[1]>[0]) => Promise<void>) => {
    await holdfast.restartBrowser();
    await holdfast.inPortal(t, async (portal) => {
      await portal.page.goto(system.report.workspaceUrl, { waitUntil: 'domcontentloaded' });
      await look(portal);
    });
  };
  await withHostClock(BEYOND, () =>
    first(async (portal) => {
      for (const name of ['Terminal', 'Linux desktop']) {
        await until(`"${name}" says that its lease ended`, async () => /Saved access ended/u.test(await portal.reasonOf(name)));
        assert.ok(await portal.isDimmed(name));
      }
    }),
  );
  await first((portal) => until('the terminal opens', async () => !(await portal.isDimmed('Terminal'))).then(() => {}));
});

const Manifest = v.looseObject({ path: v.string() });

/** The native hosts that a browser starts meanwhile have another clock. */
async function withHostClock(env: NodeJS.ProcessEnv, work: () => Promise<void>): Promise<void> {
  const { path } = parse(Manifest, JSON.parse(readFileSync(holdfast.system.report.nativeHostManifest, 'utf8')));
  const script = readFileSync(path, 'utf8');
  const exports = Object.entries(env).map(([name, value]) => `export ${name}='${value}'\n`);
  writeFileSync(path, script.replace('\n', `\n${exports.join('')}`));
  try {
    await work();
  } finally {
    writeFileSync(path, script);
  }
}
