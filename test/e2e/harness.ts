/** Everything of one end-to-end test file: the system, a screen, a browser with the portal. Ended in reverse order, always. */
import { openBrowser, type TestBrowser } from './browser.ts';
import { openPortal, type Portal } from './portal.ts';
import { openScreen, type Screen } from './screen.ts';
import { outputOf } from './session.ts';
import { type System, startSystem } from './system.ts';

export interface Harness {
  readonly system: System;
  readonly screen: Screen;
  readonly browser: TestBrowser;
  /** a new tab at the portal */
  openPortal(): Promise<Portal>;
  /** closes the browser and opens it again with the same profile */
  restartBrowser(): Promise<void>;
  sessionOutput(window: RegExp, command: string): Promise<string>;
  end(): Promise<void>;
}

export async function startHarness(): Promise<Harness> {
  const system = await startSystem();
  const screen = await openScreen();
  let browser = await openBrowser(system.report, screen);
  return {
    system,
    screen,
    get browser() {
      return browser;
    },
    openPortal: async () => openPortal(await browser.newPage(), system.report),
    async restartBrowser() {
      await browser.close();
      browser = await openBrowser(system.report, screen);
    },
    sessionOutput: (window, command) => outputOf(screen, window, command),
    async end() {
      await browser.close();
      await screen.close();
      await system.end();
    },
  };
}
