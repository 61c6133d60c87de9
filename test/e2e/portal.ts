/** The portal as a person uses it: by the names that the accessibility tree gives. */
import type { ElementHandle, Page } from 'puppeteer';
import type { UpReport } from '../../cli/up/announce.ts';
import { until } from './until.ts';

export interface Portal {
  readonly page: Page;
  /** nothing to do in a browser in which somebody is signed in already */
  signIn(user: string): Promise<void>;
  /** a resource's button */
  tile(name: string): Promise<ElementHandle<Element>>;
  isDimmed(name: string): Promise<boolean>;
  /** presses the resource's button; returns at once */
  launch(name: string): Promise<void>;
  press(button: string): Promise<void>;
  /** everything that is written on the page, inside shadow roots too */
  text(): Promise<string>;
  untilText(pattern: RegExp, deadlineMs?: number): Promise<void>;
}

const button = (name: string) => `aria/${name}[role="button"]`;

export function openPortal(page: Page, report: UpReport): Portal {
  const find = async (selector: string, what: string, deadlineMs?: number) =>
    until(`${what} on ${page.url()}`, async () => (await page.$(selector)) ?? undefined, deadlineMs);
  const press = async (name: string) => {
    await until(`pressing "${name}" on ${page.url()}`, async () => {
      const element = await page.$(button(name));
      await element?.click();
      return element !== null;
    });
  };
  const text = () => page.evaluate(visibleText);
  return {
    page,
    press,
    text,
    async signIn(name) {
      const user = report.users.find((one) => one.name === name);
      if (user === undefined) throw new Error(`no user ${name}`);
      await page.goto(report.workspaceUrl, { waitUntil: 'domcontentloaded' });
      // The portal asks to sign in, or goes to the identity provider by itself; both have a button of that name.
      const password = await until('the password field, or the portal of somebody signed in', async () => {
        if ((await page.$(button('Connection center'))) !== null) return 'signed in';
        const field = await page.$('input[type=password]');
        if (field === null && page.url().startsWith(report.workspaceUrl)) await (await page.$(button('Sign in')))?.click();
        return field ?? undefined;
      });
      if (password === 'signed in') return;
      const [account] = await page.$$('input[type=text], input[type=email], input[autocomplete=username]');
      await account?.type(user.upn);
      await password.type(user.password);
      await password.press('Enter');
      await until('the way back to the portal', () => page.url().startsWith(report.workspaceUrl));
    },
    tile: (name) => find(button(name), `the tile "${name}"`),
    async isDimmed(name) {
      const element = await find(button(name), `the tile "${name}"`);
      return element.evaluate((node) => node.getAttribute('aria-disabled') === 'true');
    },
    launch: press,
    async untilText(pattern, deadlineMs) {
      await until(`${pattern} on ${page.url()}`, async () => pattern.test(await text()), deadlineMs);
    },
  };
}

function visibleText(): string {
  const collect = (root: Document | ShadowRoot | Element): string =>
    [...root.children]
      .filter((element) => !['SCRIPT', 'STYLE'].includes(element.tagName))
      .map((element) => {
        const own = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent ?? '');
        return [...own, element.shadowRoot === null ? '' : collect(element.shadowRoot), collect(element)].join(' ');
      })
      .join(' ');
  return collect(document).replace(/\s+/gu, ' ').trim();
}
