import type { HoldfastPortal } from './portal.ts';

/** A tab in the background draws no frames; it does not wait for one longer than this. Milliseconds. */
const NO_FRAME_MS = 100;

/** Resolves when the page that was just drawn is on the screen. */
export async function nextPicture(page: HoldfastPortal): Promise<void> {
  await page.updateComplete;
  await new Promise<void>((resolve) => {
    const late = setTimeout(resolve, NO_FRAME_MS);
    requestAnimationFrame(() =>
      setTimeout(() => {
        clearTimeout(late);
        resolve();
      }),
    );
  });
}
