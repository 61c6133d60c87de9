/** The portal when the Workspace is gone, comes back, or somebody else answers in its place. */
import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import { after, before, test } from 'node:test';
import { MARKER_HEADER } from '#protocol/feed';
import { until } from '../until.ts';
import { type Harness, startHarness } from './harness.ts';
import { prepare, VIEWED } from './outages.ts';
import type { Portal } from './portal.ts';

let holdfast: Harness;
before(async () => {
  holdfast = await startHarness();
});
after(() => holdfast.end());

const BANNER = /Some of your resources can.t be reached/u;
/** What the site publishes to alice (cli/up/site.ts), and what of it her leases open. */
const OPENS = ['Terminal', 'Build server', 'Archive', 'Linux desktop', 'Office desktop'];
const DIMMED = { Payroll: /Not allowed offline/u, Handbook: /needs the internet/u, Timesheets: /needs the internet/u };

async function load(portal: Portal): Promise<void> {
  await portal.page.goto(holdfast.system.report.workspaceUrl, { waitUntil: 'domcontentloaded' });
}

/** Undimmed exactly what the leases open; each other one with its reason as its description. */
async function showsWhatOpens(portal: Portal): Promise<void> {
  for (const name of OPENS) await until(`"${name}" opens`, async () => !(await portal.isDimmed(name)));
  for (const [name, reason] of Object.entries(DIMMED)) {
    assert.ok(await portal.isDimmed(name), `${name} is dimmed`);
    assert.match(await portal.reasonOf(name), reason);
  }
}

test('alice signs in once', (t) => prepare(t, holdfast));

test('B-W4d, B-W5a in an outage exactly what the leases open is undimmed, and each other tile says why', async (t) => {
  await holdfast.system.outage('cloud', 'stop');
  await holdfast.inPortal(t, async (portal) => {
    await load(portal);
    await portal.untilText(BANNER);
    await showsWhatOpens(portal);
  });
});

test('B-W7a, B-W7b "Reconnect to Workspace" brings the portal back, and a running session goes on untouched', async (t) => {
  await holdfast.inPortal(t, async (portal) => {
    await load(portal);
    await portal.untilText(BANNER);
    await until('the terminal opens', async () => !(await portal.isDimmed('Terminal')));
    await portal.launch('Terminal');
    await VIEWED.ssh.seen(holdfast);
    const shell = await holdfast.sessionOutput(/Terminal/u, 'echo $$');
    await holdfast.system.outage('cloud', 'restore');
    await holdfast.system.untilUp();
    await until('Reconnect leads back', async () => {
      if (!BANNER.test(await portal.text())) return true;
      await portal.press('Reconnect to Workspace');
      return false;
    });
    await until('web apps are live again', async () => !(await portal.isDimmed('Handbook')));
    assert.equal(await holdfast.sessionOutput(/Terminal/u, 'echo $$'), shell, 'the same shell answers');
    await holdfast.endSessions();
  });
});

test('B-W9a cold: browser and host are started anew with the whole cloud down, and a session runs', async (t) => {
  await holdfast.system.outage('cloud', 'stop');
  await holdfast.restartBrowser();
  await holdfast.inPortal(t, async (portal) => {
    await load(portal);
    await portal.untilText(BANNER);
    await showsWhatOpens(portal);
    await portal.launch('Terminal');
    await VIEWED.ssh.seen(holdfast);
    await holdfast.endSessions();
  });
});

const marked = { [MARKER_HEADER]: '1', 'content-type': 'application/json' };
/** What stands where the Workspace was: none of it may cost the good copy. */
const IMPOSTORS: Readonly<Record<string, RequestListener>> = {
  'a captive portal’s page': (_, response) =>
    void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome to the hotel</h1>'),
  'a proxy’s 403': (_, response) => void response.writeHead(403, { 'content-type': 'text/html' }).end('<h1>Filtered</h1>'),
  'a redirect to a sign-in': (_, response) => void response.writeHead(302, { location: 'http://hotel.localhost/sign-in' }).end(),
  'an empty feed': (_, response) => void response.writeHead(200, marked).end(''),
  'a truncated feed': (_, response) => void response.writeHead(200, marked).end('{"v":1,"feed":"apps","name":"Apps and desktops","resou'),
};

for (const [what, answer] of Object.entries(IMPOSTORS)) {
  test(`${what} in the Workspace's place: the good copy stays, and a session runs`, async (t) => {
    await holdfast.system.outage('workspace', 'stop');
    const impostor = await listenInPlaceOf('workspace', answer);
    try {
      await holdfast.inPortal(t, async (portal) => {
        await load(portal);
        await portal.untilText(BANNER);
        await showsWhatOpens(portal);
        await portal.launch('Archive');
        await until('the archive’s window', () => holdfast.screen.windows().some((name) => /Archive/u.test(name)));
        assert.match(await holdfast.sessionOutput(/Archive/u, 'echo $((6 * 7))'), /^42\n/u);
        await holdfast.endSessions();
      });
    } finally {
      await new Promise((resolve) => {
        impostor.close(resolve);
        impostor.closeAllConnections();
      });
    }
  });
}

function listenInPlaceOf(component: string, answer: RequestListener): Promise<Server> {
  const address = holdfast.system.report.components.find(({ name }) => name === component)?.addresses[0];
  const [host, port] = address?.split(':') ?? assert.fail(component);
  const server = createServer(answer);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(Number(port), host, () => resolve(server));
  });
}
