/** Starts the real browser for the portal's tests. */
import puppeteer, { type Browser } from 'puppeteer';

/** `profile`: a folder that stays; without it everything is forgotten. */
export function startBrowser(profile?: string): Promise<Browser> {
  return puppeteer.launch({
    ...(profile === undefined ? {} : { userDataDir: profile }),
    executablePath: '/usr/bin/chromium',
    headless: true,
    pipe: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--hide-scrollbars',
    ],
  });
}
