/** What the portal's browser tests stand on: one build, one browser, and for every test a profile and a Workspace of its own. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'puppeteer';
import { openPage } from '../open-page.ts';
import { patience } from '../patience.ts';
import { need } from '../runner/need.ts';
import { startBrowser } from './browser.ts';
import { type ExtensionPeerSettings, extensionPeer } from './extension-peer.ts';
import { documentsOf, PUBLISHED, sessionOf } from './people.ts';
import { startWorkspacePeer, type WorkspacePeer } from './workspace-peer.ts';

export interface Rig {
  readonly browser: Browser;
  readonly built: string;
  stop(): Promise<void>;
}

export async function startRig(): Promise<Rig> {
  const built = join(await need('build'), 'portal');
  const browser = await startBrowser();
  return { browser, built, stop: () => browser.close() };
}

interface Asked {
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Visit extends AsyncDisposable {
  readonly page: Page;
  readonly peer: WorkspacePeer;
  /** the cookie is another person's from now on */
  become(subject: string): void;
  until(holds: () => boolean | Promise<boolean>): Promise<void>;
  /** the words beside the Workspace's name begin with this */
  says(words: string): Promise<void>;
  /** shell, lists and icons are kept, and the worker answers for this page */
  kept(): Promise<void>;
  shellReady(): Promise<void>;
  extensionAsked(): Promise<readonly Asked[]>;
  /** the body of the launch that the page asked the host for */
  launched(): Promise<Readonly<Record<string, unknown>>>;
  /** the host tells about that launch */
  launchEvent(event: { readonly phase: string; readonly mode: string; readonly detail?: string; readonly error?: unknown }): Promise<void>;
  tell(event: unknown): Promise<void>;
  /** the extension that was not there comes now */
  extensionArrives(): Promise<void>;
  /** ids of the rules that axe finds broken, with where */
  axe(): Promise<string[]>;
}

/** `where`: a fresh profile for this visit alone, or the browser's own. */
export async function openVisit(
  rig: Rig,
  subject: string,
  extension: 'ready' | 'no-host' | 'no-extension' = 'ready',
  where: 'fresh' | 'profile' = 'fresh',
): Promise<Visit> {
  const now = Date.now();
  const peer = await startWorkspacePeer(rig.built, sessionOf(subject, nameOf(subject), 'https://workspace.example'), []);
  const become = (who: string): void => {
    peer.session = sessionOf(who, nameOf(who), peer.origin);
    const apps = who === 'mara-keller-1' ? PUBLISHED : PUBLISHED.slice(0, 1).map((resource) => ({ ...resource, name: 'Jon’s ledger' }));
    for (const document of documentsOf(who, now, apps)) peer.documents.set(document.feed, document);
  };
  become(subject);
  const context = where === 'fresh' ? await rig.browser.createBrowserContext() : rig.browser.defaultBrowserContext();
  const page = await openPage(context);
  await page.setViewport({ width: 1280, height: 860 });
  if (extension !== 'no-extension') await page.evaluateOnNewDocument(extensionPeer, settings(subject, now, extension));

  const until: Visit['until'] = async (holds) => void (await page.waitForFunction(holds, { polling: 20, timeout: patience(10_000) }));
  const shellReady = async (): Promise<void> => {
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null, { polling: 20, timeout: patience(10_000) });
  };
  const extensionAsked = (): Promise<readonly Asked[]> => page.evaluate(() => Reflect.get(window, 'peer').asked);
  const tell = (event: unknown): Promise<void> => page.evaluate((said) => Reflect.get(window, 'peer').say(said), event);
  const launched = async (): Promise<Readonly<Record<string, unknown>>> => {
    await until(() => Reflect.get(window, 'peer').asked.some(({ type }: { type: string }) => type === 'launch'));
    return (await extensionAsked()).findLast(({ type }) => type === 'launch')?.body ?? {};
  };
  return {
    page,
    peer,
    become,
    until,
    extensionAsked,
    launched,
    tell,
    extensionArrives: () => page.evaluate(extensionPeer, settings(subject, now, 'ready')),
    shellReady,
    says: async (words) => {
      const state = (): string => document.querySelector('.brand .state')?.textContent ?? '';
      try {
        await page.waitForFunction(
          (said) => document.querySelector('.brand .state')?.textContent?.startsWith(said),
          { polling: 20, timeout: patience(10_000) },
          words,
        );
      } catch (cause) {
        throw new Error(`The portal says “${await page.evaluate(state)}”, not “${words}”.`, { cause });
      }
    },
    kept: async () => {
      await shellReady();
      await page.waitForFunction(
        async () => {
          const lists = await (await caches.open('holdfast-feeds-1')).keys();
          const icons = await (await caches.open('holdfast-icons-1')).keys();
          return (
            lists.length === 2 &&
            icons.length === 1 &&
            document.querySelectorAll('.tile-open:is([aria-disabled], [aria-busy])').length === 0
          );
        },
        { polling: 20, timeout: patience(10_000) },
      );
    },
    launchEvent: async (event) => {
      const { resource, correlationId } = await launched();
      await tell({ event: 'launch', workspace: peer.origin, subject: peer.session.user.subject, resource, correlationId, ...event });
    },
    axe: async () => {
      const source = await readFile(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
      await page.evaluate(source);
      // a panel that is still fading in has no colours of its own yet
      await until(() =>
        document
          .getAnimations()
          .every((one) => one.effect?.getComputedTiming().iterations === Number.POSITIVE_INFINITY || one.playState === 'finished'),
      );
      return page.evaluate(async () => {
        const axe = Reflect.get(window, 'axe');
        const found = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
        return found.violations.map(
          (broken: { id: string; nodes: { target: string[] }[] }) =>
            `${broken.id}: ${broken.nodes.map(({ target }) => target.join(' ')).join(', ')}`,
        );
      });
    },
    [Symbol.asyncDispose]: async () => {
      await context.close();
      await peer.stop();
    },
  };
}

function nameOf(subject: string): string {
  return subject === 'mara-keller-1' ? 'Mara Keller' : 'Jon Brunner';
}

/** Leases as in the drawn study: one missing, one ended, one ending soon, one behind a lost site. */
function settings(subject: string, now: number, extension: 'ready' | 'no-host'): ExtensionPeerSettings {
  const second = Math.floor(now / 1_000);
  const own: Readonly<Record<string, object>> = {
    payroll: { exp: second - 600, state: 'expired', code: 3006 },
    'stock-room': { exp: second + 4 * 3_600 + 430 },
    'design-studio': { locations: ['bern'] },
  };
  const leases = PUBLISHED.filter(({ id }) => id !== 'lab-notebook').map(({ id, name }) => ({
    resource: { feed: 'apps', id },
    name,
    protocol: 'rdp',
    state: 'valid',
    kind: 'app',
    iat: second - 70_000,
    exp: second + 6 * 86_400 + 4 * 3_600 + 600,
    locations: ['zurich'],
    ...own[id],
  }));
  const reachability = [
    { location: 'zurich', name: 'Zurich', state: 'reachable', route: 'direct', roundTripMs: 2, checkedAt: now - 61_000 },
    { location: 'bern', name: 'Bern', state: 'unreachable', checkedAt: now - 61_000 },
  ];
  const refusal = { code: 'host_missing' };
  return { subject, leases, reachability, sessions: [], ...(extension === 'no-host' ? { refusal } : {}) };
}
