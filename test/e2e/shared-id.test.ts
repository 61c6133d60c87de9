/** A web link that has the id of an app: two feeds, one id, two tiles, each itself. Online and in an outage. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parse, stringify } from 'yaml';
import { until } from '../until.ts';
import { sessionsIn } from './device.ts';
import { type Harness, startHarness } from './harness.ts';
import { VIEWED } from './outages.ts';
import type { Portal } from './portal.ts';

const LINK = 'Shell handbook';

let holdfast: Harness;
let address: string;
before(async () => {
  holdfast = await startHarness();
  const { system } = holdfast;
  address = `${system.report.identityUrl}/.well-known/openid-configuration`;
  const exported = system.command('admin', 'site', 'export').stdout;
  const [heading] = exported.split('\n');
  const site = parse(exported);
  // The id of the app "Terminal" (cli/up/site.ts).
  site.webApps.push({ id: 'terminal', name: LINK, url: address, folder: 'Web' });
  const file = join(system.report.dataDir, 'site-with-link.yaml');
  writeFileSync(file, `${heading}\n${stringify(site)}`);
  const imported = system.command('admin', 'site', 'import', file);
  assert.equal(imported.status, 0, imported.stderr);
});
after(() => holdfast.end());

/** The heading of the group that a tile stands in. */
const groupOf = async (portal: Portal, name: string) =>
  (await portal.tile(name)).evaluate((tile) => tile.closest('section')?.querySelector('h2')?.textContent?.trim() ?? '');
const device = () => join(holdfast.system.report.dataDir, 'host');

async function opensTerminal(portal: Portal): Promise<void> {
  await portal.launch('Terminal');
  await VIEWED.ssh.seen(holdfast);
  await until('the terminal’s tile says that it runs', async () => /Running on/u.test(await portal.reasonOf('Terminal')));
  assert.doesNotMatch(await portal.reasonOf(LINK), /Running|Opening/u);
  await holdfast.endSessions();
}

test('B-F1a, B-F1b online, the link opens its page, the app its session, and a favourite is one of them', async (t) => {
  await holdfast.inPortal(t, async (portal) => {
    await portal.signIn('alice');
    await portal.untilText(/Ready for an outage/u, 60_000);
    const { browser } = holdfast.browser;
    const opened = until('the link’s page', async () => (await browser.pages()).find((page) => page.url() === address));
    await portal.launch(LINK);
    await (await opened).close();
    assert.deepEqual(sessionsIn(device()), [], 'a link starts no session');
    await portal.page.bringToFront();
    await portal.press(`About ${LINK}`);
    await portal.press('Add to favourites');
    await until('the link is a favourite', async () => /Favourites/u.test(await groupOf(portal, LINK)));
    assert.doesNotMatch(await groupOf(portal, 'Terminal'), /Favourites/u);
    await opensTerminal(portal);
  });
});

test('in an outage the app opens by its lease, the link is dimmed, and the favourite stays one', async (t) => {
  await holdfast.system.outage('cloud', 'stop');
  await holdfast.inPortal(t, async (portal) => {
    await portal.page.goto(holdfast.system.report.workspaceUrl, { waitUntil: 'domcontentloaded' });
    await portal.untilText(/Some of your resources can.t be reached/u);
    await until('the terminal is not dimmed', async () => !(await portal.isDimmed('Terminal')));
    assert.ok(await portal.isDimmed(LINK));
    assert.match(await portal.reasonOf(LINK), /needs the internet/u);
    assert.match(await groupOf(portal, LINK), /Favourites/u);
    assert.doesNotMatch(await groupOf(portal, 'Terminal'), /Favourites/u);
    await opensTerminal(portal);
  });
});
