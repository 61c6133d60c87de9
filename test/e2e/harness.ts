/** Everything of one end-to-end test file: the system, a screen, a browser with the portal. Ended in reverse order, always. */
import type { TestContext } from 'node:test';
import { openBrowser, type TestBrowser } from './browser.ts';
import { keepEvidence } from './evidence.ts';
import { openPortal, type Portal } from './portal.ts';
import { openScreen, type Screen } from './screen.ts';
import { outputOf } from './session.ts';
import { type System, startSystem } from './system.ts';

export interface Harness {
  readonly system: System;
  readonly screen: Screen;
  readonly browser: TestBrowser;
  /** gives the work a new tab; when it fails, what was on screen and in the logs is kept in `test-report/` */
  inPortal(t: TestContext, work: (portal: Portal) => Promise<void>): Promise<void>;
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
    async inPortal(t, work) {
      const portal = openPortal(await browser.newPage(), system.report);
      try {
        await work(portal);
      } catch (error) {
        await keepEvidence(t, portal, screen, system);
        throw error;
      } finally {
        await portal.page.close();
      }
    },
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
