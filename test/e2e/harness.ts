/** Everything of one end-to-end test file: the system, a screen, a browser with the portal. Ended in reverse order, however far it came. */
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { openEndings } from '../../cli/up/endings.ts';
import { until } from '../until.ts';
import { openBrowser, type TestBrowser } from './browser.ts';
import { sessionsIn } from './device.ts';
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
  /** Closes every window, also one that comes late, until no session of the browser's device is left. */
  endSessions(): Promise<void>;
  end(): Promise<void>;
}

export async function startHarness(): Promise<Harness> {
  const endings = openEndings();
  try {
    const system = await startSystem();
    endings.after(() => system.end());
    const screen = await openScreen();
    endings.after(() => screen.close());
    let browser = await openBrowser(system.report, screen);
    endings.after(() => browser.close());
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
      async endSessions() {
        await until('no session is left', async () => {
          await screen.closeWindows();
          return sessionsIn(join(system.report.dataDir, 'host')).length === 0;
        });
      },
      end: () => endings.end(),
    };
  } catch (error) {
    await endings.end();
    throw error;
  }
}
