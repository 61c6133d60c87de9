/** Starts the real browser for the portal's tests. */
import puppeteer, { type Browser } from 'puppeteer';
import { BROWSER_FLAGS, findBrowser } from '../../cli/up/browser.ts';

/** `profile`: a folder that stays; without it everything is forgotten. */
export function startBrowser(profile?: string): Promise<Browser> {
  return puppeteer.launch({
    ...(profile === undefined ? {} : { userDataDir: profile }),
    executablePath: findBrowser(),
    headless: true,
    pipe: true,
    args: [...BROWSER_FLAGS, '--no-sandbox', '--disable-gpu', '--hide-scrollbars'],
  });
}
