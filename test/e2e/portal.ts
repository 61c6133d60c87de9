/** The portal as a person uses it: by the names that the accessibility tree gives. */
import type { ElementHandle, Page } from 'puppeteer';
import type { UpReport } from '../../cli/up/report.ts';
import { until } from '../until.ts';

export interface Portal {
  readonly page: Page;
  /** nothing to do in a browser in which somebody is signed in already */
  signIn(user: string): Promise<void>;
  /** fills in the identity provider's form that is on the page */
  fillSignIn(user: string): Promise<void>;
  /** a resource's button */
  tile(name: string): Promise<ElementHandle<Element>>;
  isDimmed(name: string): Promise<boolean>;
  /** its description: why it is dimmed, if it is */
  reasonOf(name: string): Promise<string>;
  /** presses the resource's button; returns at once */
  launch(name: string): Promise<void>;
  press(button: string): Promise<void>;
  /** everything that is written on the page, inside shadow roots too */
  text(): Promise<string>;
  untilText(pattern: RegExp, deadlineMs?: number): Promise<void>;
}

/** For a button to be there and to keep still; then its look is taken again. */
const STEADY_MS = 5_000;

const button = (name: string) => `aria/${name}[role="button"]`;

export function openPortal(page: Page, report: UpReport): Portal {
  const find = async (selector: string, what: string, deadlineMs?: number) =>
    until(
      () => `${what} on ${page.url()}`,
      async () => (await page.$(selector)) ?? undefined,
      deadlineMs,
    );
  const press = async (name: string) => {
    await until(
      () => `pressing "${name}" on ${page.url()}`,
      async () => {
        // Waits until the button stays where it is: what arrives above it would else put another one under the mouse.
        await page.locator(button(name)).setTimeout(STEADY_MS).click();
        return true;
      },
    );
  };
  const fillSignIn = async (name: string) => {
    const user = report.users.find((one) => one.name === name);
    if (user === undefined) throw new Error(`no user ${name}`);
    await page.type('input[autocomplete=username]', user.upn);
    await page.type('input[type=password]', user.password);
    await page.keyboard.press('Enter');
    await until('the way back to the portal', () => page.url().startsWith(report.workspaceUrl));
  };
  const text = () => page.evaluate(visibleText);
  return {
    page,
    press,
    text,
    fillSignIn,
    async signIn(name) {
      await page.goto(report.workspaceUrl, { waitUntil: 'domcontentloaded' });
      // The portal asks to sign in, goes to the identity provider by itself, or still knows who is signed in.
      const form = await until('the sign-in form, or a portal that is online', async () => {
        if (page.url().startsWith(report.identityUrl)) return (await page.$('input[type=password]')) !== null && 'form';
        if (/\bOnline\b/u.test(await text())) return 'online';
        await (await page.$(button('Sign in')))?.click();
        return false;
      });
      if (form === 'form') await fillSignIn(name);
    },
    tile: (name) => find(button(name), `the tile "${name}"`),
    async isDimmed(name) {
      const element = await find(button(name), `the tile "${name}"`);
      return element.evaluate((node) => node.getAttribute('aria-disabled') === 'true');
    },
    reasonOf: async (name) => (await find(button(name), `the tile "${name}"`)).evaluate(descriptionOf),
    launch: press,
    async untilText(pattern, deadlineMs) {
      await until(
        () => `${pattern} on ${page.url()}`,
        async () => pattern.test(await text()),
        deadlineMs,
      );
    },
  };
}

function descriptionOf(element: Element): string {
  const ids = element.getAttribute('aria-describedby')?.split(' ') ?? [];
  const root = element.getRootNode() as Document;
  return ids.map((id) => root.getElementById(id)?.textContent ?? '').join(' ');
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
