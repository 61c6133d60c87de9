/** Mounts the page and keeps it in sync with the state. */
import type { Model } from '../app/model.ts';
import { firstPicture } from './first-paint.ts';
import type { HoldfastPortal } from './portal.ts';

/** Resolves when its first paint is on the screen. */
export async function show(page: HoldfastPortal, model: Model): Promise<void> {
  page.state = model.state;
  document.body.append(page);
  model.subscribe((state) => {
    page.state = state;
  });
  await page.updateComplete;
  await firstPicture();
}
