/** When the first picture of the page is on the screen. */

/** A tab in the background draws nothing; it does not wait for that longer than this. Milliseconds. */
const NO_PICTURE_MS = 100;

let painted: Promise<void> | undefined;

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
