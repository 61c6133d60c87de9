/** A tab whose waits follow the measured speed of the machine. */
import type { Browser, BrowserContext, Page } from 'puppeteer';
import { patience } from './patience.ts';

/** Puppeteer's own default for every wait, milliseconds on a quiet machine. */
const WAIT_MS = 30_000;

export async function openPage(browser: Browser | BrowserContext): Promise<Page> {
  const page = await browser.newPage();
  page.setDefaultTimeout(patience(WAIT_MS));
  return page;
}
