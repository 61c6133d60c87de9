/** Breaking one part, and what a person then does to get to a running session: shared by the short and the long run. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Harness } from './harness.ts';
import { untilIdentityIs } from './health.ts';
import type { Portal } from './portal.ts';
import { choose, untilPrompt } from './prompt.ts';
import { untilWindow } from './screen.ts';
import { until } from './until.ts';

export type Break = 'stop' | 'hang';

export interface Outage {
  readonly what: string;
  /** components as `holdfast outage` names them */
  readonly components: readonly string[];
  readonly behaviours: string;
  /** how the person comes to a portal that shows what opens: by loading the Workspace again, or by a sign-in that fails */
  readonly way: 'reload' | 'sign-in';
}

export const OUTAGES: readonly Outage[] = [
  { what: 'the workspace', components: ['workspace'], behaviours: 'B-W3, B-W4, B-N6', way: 'reload' },
  { what: 'the identity provider', components: ['identity'], behaviours: 'B-W6, B-E5, B-E6', way: 'sign-in' },
  { what: 'the broker', components: ['broker'], behaviours: 'B-W6, B-R6', way: 'reload' },
  { what: 'the ticket service', components: ['tickets'], behaviours: 'B-N5', way: 'reload' },
  { what: 'the lease issuer', components: ['lease-issuer'], behaviours: 'B-N5', way: 'reload' },
  { what: 'the root of trust', components: ['root-of-trust'], behaviours: 'B-L6', way: 'reload' },
  { what: 'one PoP', components: ['pop-1'], behaviours: 'B-G2', way: 'reload' },
  { what: 'all PoPs, with a direct path', components: ['pop-1', 'pop-2'], behaviours: 'B-N6', way: 'reload' },
  {
    what: 'both connectors of one site, with the resource also in another',
    components: ['zurich-connector-1', 'zurich-connector-2'],
    behaviours: 'B-N6, B-R8',
    way: 'reload',
  },
];

export interface Viewed {
  readonly resource: string;
  /** what is seen of the real session in its real viewer */
  seen(holdfast: Harness): Promise<void>;
}

/** Colours of the desktops' grounds, see cli/desktops. A person's window shows mostly that. */
export const VIEWED: Readonly<Record<'ssh' | 'vnc' | 'rdp', Viewed>> = {
  ssh: {
    resource: 'Terminal',
    async seen(holdfast) {
      await untilWindow(holdfast.screen, /Terminal/u);
      assert.match(await holdfast.sessionOutput(/Terminal/u, 'echo $((6 * 7))'), /^42\n/u);
    },
  },
  vnc: { resource: 'Linux desktop', seen: (holdfast) => groundIsSeen(holdfast, '#205c40') },
  rdp: { resource: 'Office desktop', seen: (holdfast) => groundIsSeen(holdfast, '#20405c') },
};

async function groundIsSeen({ screen }: Harness, colour: string): Promise<void> {
  await until(`a desktop in ${colour}; windows: ${screen.windows().join(', ')}`, () => screen.shareOf(colour) > 0.2, 40_000);
}

/** Once before everything else: a sign-in that works, and leases that arrive. */
export async function prepare(t: TestContext, holdfast: Harness): Promise<void> {
  await holdfast.inPortal(t, async (portal) => {
    await portal.signIn('alice');
    await portal.untilText(/Ready for an outage/u, 60_000);
  });
}

/** Breaks the parts, follows the person to a running session, mends the parts. `cold`: the browser is started while they are broken. */
export async function reachesSession(
  t: TestContext,
  holdfast: Harness,
  outage: Outage,
  kind: Break,
  viewed: Viewed,
  browser: 'warm' | 'cold' = 'warm',
): Promise<void> {
  const { system, screen } = holdfast;
  for (const component of outage.components) await system.outage(component, kind);
  try {
    if (browser === 'cold') await holdfast.restartBrowser();
    await holdfast.inPortal(t, async (portal) => {
      if (outage.way === 'reload') await portal.page.goto(system.report.workspaceUrl, { waitUntil: 'domcontentloaded' });
      else await giveUpSignIn(holdfast, portal);
      await until(`"${viewed.resource}" is not dimmed`, async () => !(await portal.isDimmed(viewed.resource)));
      await portal.launch(viewed.resource);
      await viewed.seen(holdfast);
    });
  } finally {
    await screen.closeWindows();
    for (const component of outage.components) await system.outage(component, 'restore');
    await until('every part is up again', async () => (await system.standings()).every(({ standing }) => standing === 'up'), 60_000);
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
