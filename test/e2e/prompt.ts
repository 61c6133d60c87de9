/** The extension's window that asks "work offline, or try again?", as a person meets it. */
import type { Browser, Page } from 'puppeteer';
import { until } from '../until.ts';

const isPrompt = (url: string) => /^chrome-extension:\/\/[a-p]{32}\/prompt\.html/u.test(url);

/** The window, once it is there. */
export function untilPrompt(browser: Browser, deadlineMs?: number): Promise<Page> {
  return until('the prompt window', async () => (await browser.pages()).find((page) => isPrompt(page.url())), deadlineMs);
}

export async function promptIsOpen(browser: Browser): Promise<boolean> {
  return (await browser.pages()).some((page) => isPrompt(page.url()));
}

/** Presses one of its buttons; the window goes away by itself. */
export async function choose(prompt: Page, button: 'Use Workspace offline' | 'Try again'): Promise<void> {
  const element = await until(`the button "${button}"`, async () => (await prompt.$(`aria/${button}[role="button"]`)) ?? undefined);
  await element.click().catch((error: unknown) => {
    // The window may be gone before the mouse button is up again.
    if (!(error instanceof Error && error.name === 'TargetCloseError')) throw error;
  });
}
