/** The portal's page as plain markup, so that P1's floor and peer draw the same tiles in the same style. */
import type { Page } from 'puppeteer';

export interface Snapshot {
  /** the page up to the list's first tile, and from its last on; the list has `data-list` */
  readonly before: string;
  readonly after: string;
  /** what the window shows of them */
  readonly tiles: readonly string[];
  /** one of them, with NAME for its resource's name */
  readonly tile: string;
}

const MARK = 'the tiles stand here';

/** Of a page with the portal; `count`: tiles that the window shows. */
export async function snapshotOf(page: Page, count: number): Promise<Snapshot> {
  const { html, tiles, name } = await page.evaluate(takeApart, count, MARK);
  const [before, after] = html.split(MARK);
  const [first] = tiles;
  if (after === undefined || before === undefined || first === undefined || name === '') throw new Error('The portal shows no tiles.');
  return { before: `<!doctype html>${before}`, after, tiles, tile: first.replaceAll(name, 'NAME') };
}

/** Runs in the page. */
async function takeApart(count: number, mark: string): Promise<{ html: string; tiles: string[]; name: string }> {
  const root = document.documentElement.cloneNode(true) as HTMLElement;
  for (const one of root.querySelectorAll('script, link, noscript, meta[http-equiv]')) one.remove();
  const style = document.createElement('style');
  // As it was written: rules that are read back lose what their shorthands took from variables.
  const sheets = [...document.styleSheets].flatMap(({ href }) => href ?? []);
  style.textContent = (await Promise.all(sheets.map(async (href) => (await fetch(href)).text()))).join('\n');
  root.querySelector('head')?.append(style);
  const all = [...root.querySelectorAll('.tile')];
  const list = all[0]?.parentElement;
  const tiles = all.slice(0, count).map(({ outerHTML }) => outerHTML);
  for (const one of all) one.remove();
  list?.setAttribute('data-list', '');
  list?.append(mark);
  return { html: root.outerHTML, tiles, name: all[0]?.querySelector('.tile-open')?.textContent ?? '' };
}
