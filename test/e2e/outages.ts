/** Breaking one part, and what a person then does to get to a running session. */
import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import type { DesktopKind } from '../../cli/up/plan.ts';
import { until } from '../until.ts';
import { type Harness, startHarness } from './harness.ts';
import { untilIdentityIs } from './health.ts';
import { BROKEN, type Case } from './outage-cases.ts';
import type { Portal } from './portal.ts';
import { choose, untilPrompt } from './prompt.ts';
import { untilWindow } from './screen.ts';

export interface Viewed {
  readonly resource: string;
  /** what a session in this viewer holds */
  readonly holds: string;
  /** what is seen of the real session in its real viewer */
  seen(holdfast: Harness): Promise<void>;
}

/** Colours of the desktops' grounds, see cli/desktops. A person's window shows mostly that. */
export const VIEWED: Readonly<Record<DesktopKind, Viewed>> = {
  ssh: {
    resource: 'Terminal',
    holds: 'B-N8a',
    async seen(holdfast) {
      await untilWindow(holdfast.screen, /Terminal/u);
      assert.match(await holdfast.sessionOutput(/Terminal/u, 'echo $((6 * 7))'), /^42\n/u);
    },
  },
  vnc: { resource: 'Linux desktop', holds: 'B-N8b', seen: (holdfast) => groundIsSeen(holdfast, '#205c40') },
  rdp: { resource: 'Office desktop', holds: 'B-N8c', seen: (holdfast) => groundIsSeen(holdfast, '#20405c') },
};

async function groundIsSeen({ screen }: Harness, colour: string): Promise<void> {
  await until(
    () => `a desktop in ${colour}; windows: ${screen.windows().join(', ')}`,
    () => screen.shareOf(colour) > 0.2,
    40_000,
  );
}

/** Once before everything else: a sign-in that works, and leases that arrive. */
export async function prepare(t: TestContext, holdfast: Harness): Promise<void> {
  await holdfast.inPortal(t, async (portal) => {
    await portal.signIn('alice');
    await portal.untilText(/Ready for an outage/u, 60_000);
  });
}

/** A file of these cases: one sign-in, then case after case on the same system, each leaving it as it was. */
export function testOutages(cases: readonly Case[]): void {
  let holdfast: Harness;
  before(async () => {
    holdfast = await startHarness();
  });
  after(() => holdfast.end());

  test('the person signs in once, and access is saved on the device', (t) => prepare(t, holdfast));
  for (const one of cases) {
    const { outage, kind, viewer, browser } = one;
    const holds = [outage.holds ?? [], VIEWED[viewer].holds].flat().join(', ');
    const name = `${holds} ${viewer}, ${browser}: with ${outage.what} ${BROKEN[kind]}, the person gets to a running session`;
    test(name, (t) => reachesSession(t, holdfast, one));
  }
}

/** Breaks the parts, follows the person to a running session, mends the parts. */
async function reachesSession(t: TestContext, holdfast: Harness, { outage, kind, viewer, browser }: Case): Promise<void> {
  const { system } = holdfast;
  const viewed = VIEWED[viewer];
  for (const component of outage.components) await system.outage(component, kind);
  try {
    if (browser === 'cold') await holdfast.restartBrowser();
    await holdfast.inPortal(t, async (portal) => {
      if (outage.way === 'reload') await portal.page.goto(system.report.workspaceUrl, { waitUntil: 'domcontentloaded' });
      else await giveUpSignIn(holdfast, portal);
      await until(`"${viewed.resource}" is not dimmed`, async () => !(await portal.isDimmed(viewed.resource)));
      await portal.launch(viewed.resource);
      await viewed.seen(holdfast);
      if (outage.unseen) {
        await portal.untilText(/Opened by saved access \(lease\)/u);
        assert.doesNotMatch(await portal.text(), /can.t be reached|isn.t answering|aren.t answering/u);
      }
    });
  } finally {
    for (const component of outage.components) await system.outage(component, 'restore');
    // A window that comes late, of a launch that was given up, must not be taken for the next one's.
    await holdfast.endSessions();
    await system.untilUp();
    if (outage.way === 'sign-in') {
      await untilIdentityIs(system, 'up');
      await prepare(t, holdfast);
    }
  }
}

/** The portal session is over, and the sign-in does not answer: the extension's window is the way out, by evidence at once. */
async function giveUpSignIn(holdfast: Harness, portal: Portal): Promise<void> {
  await untilIdentityIs(holdfast.system, 'down');
  await forgetSession(portal);
  void portal.page.goto(holdfast.system.report.workspaceUrl).catch(() => {});
  await choose(await untilPrompt(holdfast.browser.browser), 'Use Workspace offline');
}

/** As after the idle limit: the cookie is gone, what is cached stays. */
export async function forgetSession({ page }: Portal): Promise<void> {
  const session = await page.createCDPSession();
  await session.send('Network.clearBrowserCookies');
  await session.detach();
}
