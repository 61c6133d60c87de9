/** Puts the page up and keeps it in line with the state. */
import type { Model } from '../app/model.ts';
import { firstPicture } from './first-paint.ts';
import type { HoldfastPortal } from './portal.ts';

/** Resolves when its first picture is on the screen. */
export async function show(page: HoldfastPortal, model: Model): Promise<void> {
  page.state = model.state;
  document.body.append(page);
  model.subscribe((state) => {
    page.state = state;
  });
  await page.updateComplete;
  await firstPicture();
}
