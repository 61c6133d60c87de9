/**
 * P2: time to the right verdict, in the real browser with the built portal. The extension is loaded too, and idle: no native host
 * tells it of this Workspace. The portal was visited before; then its
 * Workspace is dead, answers 503, or takes connections and says nothing: milliseconds from the start of the navigation to the
 * painted words of the offline strip, beside the first painted tiles of the same loads. And the other way round: how many loads show that strip over a slow, lossy way to a Workspace that is well. For each of
 * those it says on standard error when the page asked and was answered, and how many chunks were late meanwhile: whether the way was at
 * fault, or a machine that had no time for the page.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import type { Browser, Page } from 'puppeteer';
import puppeteer from 'puppeteer';
import { BROWSER_FLAGS, findBrowser } from '../../cli/up/browser.ts';
import { documentsOf, sessionOf } from '../pwa/people.ts';
import { type Mood, startWorkspacePeer, type WorkspacePeer } from '../pwa/workspace-peer.ts';
import { type FarWorkspaces, startFarWorkspaces } from './far-workspaces.ts';
import { type Figure, judge, median, percentile } from './measure.ts';

const dist = (folder: string) => new URL(`../../dist/${folder}/`, import.meta.url).pathname;
const SUBJECT = 'mara-0123456789';
const ROUNDS = 20;
/** a page has some verdict by then, milliseconds */
const NEVER_MS = 30_000;
/** One round trip's time before every answer; a lost chunk comes after the first retransmission timeout of RFC 6298. */
const ROUND_TRIP_MS = 300;
const LOSSY = { loss: 0.02, retransmitMs: 1_000 };
/** At most three of these may be wrong, calm or while other processes keep both processors busy. With none the truth is below 0.1 % at 95 % confidence. */
const LOADS = Number(process.env['P2_LOADS'] ?? 3_000);
const BUSY_LOADS = Number(process.env['P2_BUSY_LOADS'] ?? 3_000);
/** side by side, because loads mostly wait; each a Workspace of its own, or tabs would wait for each other's six connections */
const WORKSPACES = 8;

interface Outage {
  readonly what: string;
  readonly mood?: Mood;
  /** times of the first screen; a black hole has a time that is behaviour instead, at this percentile */
  readonly within: { readonly ratioAtMost: number } | { readonly atMost: number; readonly share: number };
}
const OUTAGES: readonly Outage[] = [
  { what: 'refused', within: { ratioAtMost: 1.5 } },
  { what: '503', mood: 'error', within: { ratioAtMost: 1.5 } },
  { what: 'black hole', mood: 'hang', within: { atMost: 1_500, share: 0.95 } },
];

export async function measure(): Promise<Figure[]> {
  const browser = await startBrowser();
  try {
    const calm = [...(await verdicts(browser)), await falseOutages(browser, LOADS, '')];
    return [...calm, await whileBusy(() => falseOutages(browser, BUSY_LOADS, ', both processors kept busy'))];
  } finally {
    await browser.close();
  }
}

function startBrowser(): Promise<Browser> {
  return puppeteer.launch({
    executablePath: findBrowser(),
    headless: true,
    pipe: true,
    enableExtensions: [dist('extension')],
    args: [...BROWSER_FLAGS, '--no-sandbox', '--disable-gpu', '--hide-scrollbars'],
  });
}

async function startPeer(): Promise<WorkspacePeer> {
  const peer = await startWorkspacePeer(
    dist('portal'),
    sessionOf(SUBJECT, 'Mara Keller', 'http://workspace.localhost'),
    documentsOf(SUBJECT, Date.now()),
  );
  peer.session = sessionOf(SUBJECT, 'Mara Keller', peer.origin);
  return peer;
}

async function verdicts(browser: Browser): Promise<Figure[]> {
  const peer = await startPeer();
  try {
    await visit(browser, peer.origin);
    const times = new Map(OUTAGES.map(({ what }) => [what, [] as Painted[]]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const { what, mood } of OUTAGES) {
        if (mood === undefined) await peer.stop();
        else peer.mood = mood;
        times.get(what)?.push(await offlineAfter(browser, peer.origin));
        if (mood === undefined) await peer.start();
        else peer.mood = 'ok';
      }
    }
    return OUTAGES.map(({ what, within }) => {
      const words = (times.get(what) ?? []).map(({ offline }) => offline);
      if ('share' in within)
        return judge('P2', `offline is read, ${what}, p${within.share * 100} of ${ROUNDS}`, percentile(words, within.share), 'ms', within);
      const tiles = median((times.get(what) ?? []).map(({ firstScreen }) => firstScreen));
      return judge(
        'P2',
        `offline is read, ${what}, median of ${ROUNDS} (peer: the first tiles of the same loads)`,
        median(words),
        'ms',
        within,
        tiles,
      );
    });
  } finally {
    await peer.stop();
  }
}

/** One process a processor that does nothing but calculate. */
async function whileBusy<T>(work: () => Promise<T>): Promise<T> {
  const busy = Array.from({ length: availableParallelism() }, () => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
  try {
    return await work();
  } finally {
    for (const one of busy) one.kill('SIGKILL');
  }
}

async function falseOutages(browser: Browser, loads: number, circumstances: string): Promise<Figure> {
  const far = await startFarWorkspaces(WORKSPACES, SUBJECT, dist('portal'), LOSSY);
  try {
    for (const origin of far.origins) await visit(browser, origin);
    await far.delay(ROUND_TRIP_MS);
    const all = await Promise.all(far.origins.map((origin) => lossyLoads(browser, far, origin, loads / WORKSPACES)));
    const sum = (of: (one: Lossy) => number): number => all.reduce((total, one) => total + of(one), 0);
    const [wrong, late, chunks] = [sum((one) => one.wrong), sum((one) => one.late), sum((one) => one.passed)];
    const firstAsk = all.flatMap(({ firstAsks }) => firstAsks);
    const what = `false outages${circumstances}, ${wrong} of ${loads} loads at ${ROUND_TRIP_MS} ms an answer, ${late} of ${chunks} chunks a retransmission late, first ask ${median(firstAsk)} ms into the load (p95 ${percentile(firstAsk, 0.95)})`;
    return judge('P2', what, (wrong / loads) * 100, '%', { atMost: 0.1 });
  } finally {
    far.end();
  }
}

interface Lossy {
  readonly wrong: number;
  /** of every load, milliseconds from the start of its navigation */
  readonly firstAsks: readonly number[];
  /** chunks */
  readonly passed: number;
  readonly late: number;
}

async function lossyLoads(browser: Browser, far: FarWorkspaces, origin: string, count: number): Promise<Lossy> {
  // One tab for all of them: a new one each time would keep the processor from the pages that are measured beside it.
  const page = await openTab(browser);
  let wrong = 0;
  const firstAsks: number[] = [];
  for (let done = 0; done < count; done++) {
    const { late } = await far.chunks(origin);
    const { offline, asks } = await load(page, origin);
    firstAsks.push(asks[0]?.at ?? Number.NaN);
    if (offline === undefined) continue;
    wrong += 1;
    const told = asks.map(({ at, answered }) => `${at} ms (${answered === undefined ? 'no answer' : `answered ${answered} ms`})`);
    const lateNow = (await far.chunks(origin)).late - late;
    console.error(`P2  false outage ${Math.round(offline)} ms into the load: asked ${told.join(', ')}; ${lateNow} chunks late`);
  }
  await page.close();
  return { wrong, firstAsks, ...(await far.chunks(origin)) };
}

/** Loads twice with everything well, so that shell and lists are kept and the worker answers. */
async function visit(browser: Browser, origin: string): Promise<void> {
  for (let time = 0; time < 2; time++) {
    const page = await browser.newPage();
    await page.goto(origin);
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    await page.waitForFunction(() => document.querySelectorAll('.tile').length > 0, { polling: 20 });
    await page.waitForFunction(async () => (await (await caches.open('holdfast-feeds-1')).keys()).length === 2, { polling: 20 });
    await page.close();
  }
}

/** Milliseconds from the start of the navigation to the end of the frame that shows it. */
interface Painted {
  readonly offline: number;
  readonly firstScreen: number;
}

/** In front of all other tabs: what is behind is not painted. */
async function offlineAfter(browser: Browser, origin: string): Promise<Painted> {
  const page = await openTab(browser);
  await page.bringToFront();
  await page.evaluateOnNewDocument(watchPaint);
  const { offline } = await load(page, origin);
  if (offline === undefined) throw new Error('The portal says that it is online.');
  const painted = await page.evaluate(() => (window as { __painted?: Promise<Painted> }).__painted);
  await page.close();
  if (painted === undefined) throw new Error('The portal was not watched.');
  return painted;
}

/** What the page said first, in milliseconds from the start of its navigation. */
interface Verdict {
  readonly online?: number;
  readonly offline?: number;
  /** the session's, in order: when each went out, and when its answer began */
  readonly asks: readonly { readonly at: number; readonly answered?: number }[];
}

async function openTab(browser: Browser): Promise<Page> {
  const page = await browser.newPage();
  await page.evaluateOnNewDocument(watchVerdict);
  return page;
}

/** Navigates until the portal has a verdict. `offline` stays what was said, also when it is taken back. */
async function load(page: Page, origin: string): Promise<Verdict> {
  await page.goto(origin, { waitUntil: 'domcontentloaded', timeout: NEVER_MS });
  const never = new AbortController();
  const late = once(never.signal, 'abort').then(() => undefined);
  const timer = setTimeout(() => never.abort(), NEVER_MS);
  const verdict = await Promise.race([page.evaluate(() => (window as { __verdict?: Promise<Verdict> }).__verdict), late]);
  clearTimeout(timer);
  if (verdict === undefined) throw new Error(`The portal came to no verdict within ${NEVER_MS} ms.`);
  return verdict;
}

/** Runs in the page before anything else: the ends of the frames in which there are the words, and the first tiles. */
function watchPaint(): void {
  const frameWith = (isThere: () => boolean) =>
    new Promise<number>((resolve) => {
      const over = new MessageChannel();
      over.port1.onmessage = () => resolve(performance.now());
      const watch = new MutationObserver(() => {
        if (!isThere()) return;
        watch.disconnect();
        requestAnimationFrame(() => over.port2.postMessage(0));
      });
      watch.observe(document, { subtree: true, childList: true, characterData: true });
    });
  const words = frameWith(() => document.querySelector('.brand .state')?.textContent?.trim().startsWith('Offline since') ?? false);
  const tiles = frameWith(() => document.querySelector('.tile') !== null);
  Object.assign(window, { __painted: Promise.all([words, tiles]).then(([offline, firstScreen]) => ({ offline, firstScreen })) });
}

/**
 * Runs in the page before anything else: waits until the state beside the Workspace's name says one or the other, and notes the asks for
 * the session. The browser's own entries would not do: they leave out what is not answered yet.
 */
function watchVerdict(): void {
  const asks: { at: number; answered?: number }[] = [];
  const send = window.fetch;
  window.fetch = async (...request) => {
    if (request[0] !== '/api/v1/session') return send(...request);
    const ask: { at: number; answered?: number } = { at: Math.round(performance.now()) };
    asks.push(ask);
    const answer = await send(...request);
    ask.answered = Math.round(performance.now());
    return answer;
  };
  const verdict = new Promise<Verdict>((resolve) => {
    new MutationObserver(() => {
      const words = document.querySelector('.brand .state')?.textContent?.trim() ?? '';
      if (words.startsWith('Offline since')) resolve({ offline: performance.now(), asks });
      else if (words.startsWith('Online')) resolve({ online: performance.now(), asks });
    }).observe(document, { subtree: true, childList: true, characterData: true });
  });
  Object.assign(window, { __verdict: verdict });
}
