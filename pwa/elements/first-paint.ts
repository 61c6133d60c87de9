/** Resolves when the page's first paint is on the screen. */

/** A background tab never paints; it waits no longer than this. Milliseconds. */
const NO_PICTURE_MS = 100;

let painted: Promise<void> | undefined;

/** As reported by the browser: anything that runs earlier takes processor time from painting. */
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
