import type { Store } from '../app/state.ts';
import type { HoldfastPortal } from './portal.ts';

/** A tab in the background draws no frames; it does not wait for one longer than this. Milliseconds. */
const NO_FRAME_MS = 100;

/** Puts the page up and keeps it up to date. Resolves when its first picture is on the screen. */
export async function show(page: HoldfastPortal, store: Store): Promise<void> {
  page.state = store.state;
  document.body.append(page);
  store.subscribe((state) => {
    page.state = state;
  });
  await page.updateComplete;
  await new Promise<void>((resolve) => {
    const late = setTimeout(resolve, NO_FRAME_MS);
    // The browser's own word for it: what runs earlier takes the processor from the painting.
    new PerformanceObserver((painted, watch) => {
      if (painted.getEntriesByName('first-contentful-paint').length === 0) return;
      watch.disconnect();
      clearTimeout(late);
      resolve();
    }).observe({ type: 'paint', buffered: true });
  });
}
