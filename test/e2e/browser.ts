/** Chromium by Puppeteer with the profile that `up` prepared: extension, native host, and a screen for the viewers it starts. */
import puppeteer, { type Browser, type Page } from 'puppeteer';
import { BROWSER_FLAGS, findBrowser } from '../../cli/up/browser.ts';
import type { UpReport } from '../../cli/up/report.ts';
import { openPage } from '../open-page.ts';
import type { Screen } from './screen.ts';

export interface TestBrowser {
  readonly browser: Browser;
  /** a tab of its own */
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

export async function openBrowser(report: UpReport, screen: Screen): Promise<TestBrowser> {
  const browser = await puppeteer.launch({
    executablePath: findBrowser(),
    userDataDir: report.browserProfile,
    pipe: true,
    // A tab whose navigation hangs answers nothing; a test that asks it must fail soon, not after three minutes.
    protocolTimeout: 20_000,
    enableExtensions: [report.extensionDir],
    args: [...BROWSER_FLAGS, '--no-sandbox', '--disable-gpu'],
    env: { ...process.env, DISPLAY: screen.display },
  });
  return {
    browser,
    newPage: () => openPage(browser),
    close: () => browser.close(),
  };
}
