import type { Model } from '../app/model.ts';
import type { HoldfastPortal } from './portal.ts';

/** A tab in the background draws nothing; it does not wait for that longer than this. Milliseconds. */
const NO_PICTURE_MS = 100;

let painted: Promise<void> | undefined;

/** Puts the page up and keeps it up to date. Resolves when its first picture is on the screen. */
export async function show(page: HoldfastPortal, model: Model): Promise<void> {
  page.state = model.state;
  document.body.append(page);
  model.subscribe((state) => {
    page.state = state;
  });
  await page.updateComplete;
  await firstPicture();
}

/** By the browser's own word for it: what runs earlier takes the processor from the painting. */
export function firstPicture(): Promise<void> {
  painted ??= new Promise((resolve) => {
    setTimeout(resolve, NO_PICTURE_MS);
    new PerformanceObserver((entries, watch) => {
      if (entries.getEntriesByName('first-contentful-paint').length === 0) return;
      watch.disconnect();
      resolve();
    }).observe({ type: 'paint', buffered: true });
  });
  return painted;
}
