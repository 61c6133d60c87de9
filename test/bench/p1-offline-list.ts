/**
 * P1: from the start of the navigation to the first screen of a 1,000-resource list painted, with the service worker stopped
 * before each: server killed, server a black hole, server that takes 100 ms an answer. The floor is the same tiles as one static page from a
 * worker's cache; besides, the common Workbox recipe (network first, 3 s) with the same tiles: on the same browser, in turn with ours. At
 * last a list of 5,000, in turn with that of 1,000.
 */
import { join } from 'node:path';
import type { Browser, Page } from 'puppeteer';
import { lookUntil } from '../../cli/look-until.ts';
import { startBrowser } from '../pwa/browser.ts';
import { documentsOf, many, sessionOf } from '../pwa/people.ts';
import { startWorkspacePeer, type WorkspacePeer } from '../pwa/workspace-peer.ts';
import { need } from '../runner/need.ts';
import { type Figure, judge, median } from './measure.ts';
import { startNetworkFirstSite } from './network-first/site.ts';
import { snapshotOf } from './snapshot.ts';
import { INSTALL_PATH, startStaticPage } from './static-page.ts';

const RESOURCES = 1_000;
const MANY_RESOURCES = 5_000;
const ROUNDS = 20;
/** The recipe waits for its timeout each time: three rounds tell enough of it. */
const RECIPE_ROUNDS = 3;
/** a site that has painted nothing by then counts as this, milliseconds */
const NEVER_MS = 6_000;
const WINDOW = { width: 1_280, height: 800 };
/** what the first screen of that window shows: seven rows of three, the last one in part */
const FIRST_SCREEN = 21;

interface Site {
  readonly origin: string;
  mood: string;
  delayMs: number;
  stop(): Promise<void>;
  start(): Promise<void>;
}
interface Condition {
  enter(site: Site): unknown;
  leave(site: Site): unknown;
}
const KILLED: Condition = { enter: (site) => site.stop(), leave: (site) => site.start() };
const CONDITIONS: Readonly<Record<string, Condition>> = {
  'server killed': KILLED,
  'black hole': { enter: (site) => Object.assign(site, { mood: 'hang' }), leave: (site) => Object.assign(site, { mood: 'ok' }) },
  'online, 100 ms an answer': {
    enter: (site) => Object.assign(site, { delayMs: 100 }),
    leave: (site) => Object.assign(site, { delayMs: 0 }),
  },
};

export async function measure(): Promise<Figure[]> {
  const [ours, large] = [await startPortal(RESOURCES), await startPortal(MANY_RESOURCES)];
  const browser = await startBrowser();
  const sites: Site[] = [ours, large];
  try {
    for (const site of [ours, large]) await visit(browser, site.origin);
    const snapshot = await snapshotAt(browser, ours.origin);
    const floor = await startStaticPage(snapshot);
    const recipe = await startNetworkFirstSite(
      snapshot,
      many(RESOURCES).map(({ name }) => name),
    );
    sites.push(floor, recipe);
    await install(browser, floor.origin);
    for (const site of [floor, recipe]) await visit(browser, site.origin);

    const figures: Figure[] = [];
    const medians = new Map<string, number>();
    for (const [name, condition] of Object.entries(CONDITIONS)) {
      const times = await inTurn(browser, condition, { ours, floor, recipe });
      medians.set(name, times.ours);
      const besides = `the usual network-first recipe: ${Math.round(times.recipe)} ms`;
      const what = `first screen of ${RESOURCES} resources, ${name} (peer: the same tiles as a static page; ${besides})`;
      figures.push(judge('P1', what, times.ours, 'ms', { ratioAtMost: 1.25 }, times.floor));
    }
    const of = (name: string) => medians.get(name) ?? Number.NaN;
    const blackHole = judge(
      'P1',
      'black hole (peer: online)',
      of('black hole'),
      'ms',
      { ratioAtMost: 1.1 },
      of('online, 100 ms an answer'),
    );
    const sizes = await inTurn(browser, KILLED, { large, ours });
    const growth = `first screen of ${MANY_RESOURCES} resources, server killed (peer: of ${RESOURCES})`;
    return [...figures, blackHole, judge('P1', growth, sizes.large, 'ms', { ratioAtMost: 1.1 }, sizes.ours)];
  } finally {
    await browser.close();
    await Promise.all(sites.map((site) => site.stop()));
  }
}

async function startPortal(resources: number): Promise<WorkspacePeer> {
  const subject = 'mara-0123456789';
  const built = join(await need('build'), 'portal');
  const documents = documentsOf(subject, Date.now(), many(resources));
  const workspace = await startWorkspacePeer(built, sessionOf(subject, 'Mara Keller', 'http://workspace.localhost'), documents);
  workspace.session = sessionOf(subject, 'Mara Keller', workspace.origin);
  return workspace;
}

/** Until everything is kept that an outage needs. */
async function visit(browser: Browser, origin: string): Promise<void> {
  for (let time = 0; time < 3; time++) await firstScreen(browser, origin, 15_000);
}

async function install(browser: Browser, origin: string): Promise<void> {
  const page = await browser.newPage();
  await page.goto(`${origin}${INSTALL_PATH}`);
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await page.close();
}

async function snapshotAt(browser: Browser, origin: string) {
  const page = await browser.newPage();
  try {
    await page.setViewport(WINDOW);
    await page.goto(origin);
    await page.waitForFunction((count: number) => document.querySelectorAll('.tile').length >= count, {}, RESOURCES);
    return await snapshotOf(page, FIRST_SCREEN);
  } finally {
    await page.close();
  }
}

/** The medians of all; who begins changes from round to round. */
async function inTurn<K extends string>(browser: Browser, { enter, leave }: Condition, sites: Record<K, Site>): Promise<Record<K, number>> {
  const names = Object.keys(sites) as K[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      if (name === 'recipe' && round >= RECIPE_ROUNDS) continue;
      await enter(sites[name]);
      times[name].push(await firstScreen(browser, sites[name].origin, NEVER_MS));
      await leave(sites[name]);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times[name])])) as Record<K, number>;
}

/** Stops all workers, navigates in a new tab, and tells the milliseconds from navigation start to the painted first screen. */
async function firstScreen(browser: Browser, origin: string, limitMs: number): Promise<number> {
  await stopWorkers(browser);
  const page = await browser.newPage();
  try {
    await page.setViewport(WINDOW);
    await page.evaluateOnNewDocument((count: number) => {
      const painted = new MessageChannel();
      painted.port1.onmessage = () => {
        const frameEnd = performance.now();
        // The browser's own time of that picture where it was the first with content, told a moment later; else the frame's end.
        setTimeout(() => {
          const [first] = performance.getEntriesByName('first-contentful-paint');
          Object.assign(window, { __firstScreenMs: first !== undefined && first.startTime >= seenAt ? first.startTime : frameEnd });
        }, 50);
      };
      let seenAt = Number.POSITIVE_INFINITY;
      const watch = new MutationObserver(() => {
        if (document.querySelectorAll('.tile').length < count) return;
        watch.disconnect();
        seenAt = performance.now();
        requestAnimationFrame(() => painted.port2.postMessage(0));
      });
      watch.observe(document, { childList: true, subtree: true });
    }, FIRST_SCREEN);
    void page.goto(origin, { waitUntil: 'domcontentloaded', timeout: limitMs }).catch(() => {});
    return await paintedAt(page, limitMs);
  } finally {
    await page.close();
  }
}

async function paintedAt(page: Page, limitMs: number): Promise<number> {
  const painted = () => page.evaluate(() => (window as { __firstScreenMs?: number }).__firstScreenMs).catch(() => undefined);
  return (await lookUntil(painted, { everyMs: 20, forMs: limitMs })) ?? limitMs;
}

async function stopWorkers(browser: Browser): Promise<void> {
  const page = await browser.newPage();
  const session = await page.createCDPSession();
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.stopAllWorkers');
  await session.detach();
  await page.close();
}
