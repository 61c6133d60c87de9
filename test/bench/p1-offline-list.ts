/**
 * P1: from the start of the navigation to the first screen of a 1,000-resource list painted, with the service worker stopped
 * before each: server killed, server a black hole, server that takes 100 ms an answer. The peer is the common Workbox
 * recipe (network first, 3 s) on the same browser, in turn with ours.
 */
import { join } from 'node:path';
import type { Browser, Page } from 'puppeteer';
import { lookUntil } from '../../cli/look-until.ts';
import { startBrowser } from '../pwa/browser.ts';
import { documentsOf, many, sessionOf } from '../pwa/people.ts';
import { startWorkspacePeer } from '../pwa/workspace-peer.ts';
import { need } from '../runner/need.ts';
import { type Figure, judge, median } from './measure.ts';
import { startNetworkFirstSite } from './network-first/site.ts';

const RESOURCES = 1_000;
const ROUNDS = 20;
/** a peer that has painted nothing by then counts as this, milliseconds */
const NEVER_MS = 6_000;
/** what the first screen of 1280 x 800 shows: seven rows of three, the last one in part */
const FIRST_SCREEN = 21;

interface Site {
  readonly origin: string;
  mood: string;
  delayMs: number;
  stop(): Promise<void>;
  start(): Promise<void>;
}
const CONDITIONS: Readonly<Record<string, { enter(site: Site): unknown; leave(site: Site): unknown }>> = {
  'server killed': { enter: (site) => site.stop(), leave: (site) => site.start() },
  'black hole': { enter: (site) => Object.assign(site, { mood: 'hang' }), leave: (site) => Object.assign(site, { mood: 'ok' }) },
  'online, 100 ms an answer': {
    enter: (site) => Object.assign(site, { delayMs: 100 }),
    leave: (site) => Object.assign(site, { delayMs: 0 }),
  },
};

export async function measure(): Promise<Figure[]> {
  const subject = 'mara-0123456789';
  const resources = many(RESOURCES);
  const built = join(await need('build'), 'portal');
  const workspace = await startWorkspacePeer(
    built,
    sessionOf(subject, 'Mara Keller', 'http://workspace.localhost'),
    documentsOf(subject, Date.now(), resources),
  );
  workspace.session = sessionOf(subject, 'Mara Keller', workspace.origin);
  const peer = await startNetworkFirstSite(resources.map(({ name }) => name));
  const sites = { ours: workspace as Site, peer };
  const browser = await startBrowser();
  try {
    for (const site of Object.values(sites)) {
      for (let visit = 0; visit < 3; visit++) await firstScreen(browser, site.origin, 15_000);
    }
    const medians = new Map<string, { ours: number; peer: number }>();
    for (const [name, { enter, leave }] of Object.entries(CONDITIONS)) {
      const times = { ours: [] as number[], peer: [] as number[] };
      for (let round = 0; round < ROUNDS; round++) {
        for (const who of ['ours', 'peer'] as const) {
          // The peer waits for its timeout each time: three rounds tell enough of it.
          if (who === 'peer' && round >= 3) continue;
          await enter(sites[who]);
          times[who].push(await firstScreen(browser, sites[who].origin, NEVER_MS));
          await leave(sites[who]);
        }
      }
      medians.set(name, { ours: median(times.ours), peer: median(times.peer) });
    }
    const online = medians.get('online, 100 ms an answer')?.ours ?? Number.NaN;
    const figures = [...medians].map(([name, { ours, peer: theirs }]) =>
      judge('P1', `first screen of ${RESOURCES} resources, ${name}`, ours, 'ms', { atMost: 100 }, theirs),
    );
    return [
      ...figures,
      judge(
        'P1',
        'black hole beside online (peer: ours online)',
        medians.get('black hole')?.ours ?? Number.NaN,
        'ms',
        { ratioAtMost: 1.2 },
        online,
      ),
    ];
  } finally {
    await browser.close();
    await Promise.all([workspace.stop(), peer.stop()]);
  }
}

/** Stops all workers, navigates in a new tab, and tells the milliseconds from navigation start to the painted first screen. */
async function firstScreen(browser: Browser, origin: string, limitMs: number): Promise<number> {
  await stopWorkers(browser);
  const page = await browser.newPage();
  try {
    await page.setViewport({ width: 1280, height: 800 });
    await page.evaluateOnNewDocument((count: number) => {
      const painted = new MessageChannel();
      painted.port1.onmessage = () => {
        // The browser's own time of that picture where it was the first with content; else the frame's end, a little late.
        const [first] = performance.getEntriesByName('first-contentful-paint');
        Object.assign(window, { __firstScreenMs: first !== undefined && first.startTime >= seenAt ? first.startTime : performance.now() });
      };
      let seenAt = Number.POSITIVE_INFINITY;
      const watch = new MutationObserver(() => {
        if (document.querySelectorAll('.tile').length < count) return;
        watch.disconnect();
        seenAt = performance.now();
        requestAnimationFrame(() => setTimeout(() => painted.port2.postMessage(0), 50));
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
