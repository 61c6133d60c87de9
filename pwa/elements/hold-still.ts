/**
 * Late content never moves the tile under the pointer. When the page above it grows or shrinks (a strip that comes or
 * goes, notes on the tiles before it), the page is scrolled by as much; where there is nothing left to scroll, room is
 * added below the list, or above it until the pointer leaves.
 */

const HELD = '.tile, .filter';

/** Call it before a change is rendered, and the result after rendering but before painting. */
export type HoldStill = () => () => void;

/** `signal` ends it. The custom properties `--room-above` and `--room-below` of `page` are read by styles/portal.css. */
export function keepStill(page: HTMLElement, signal: AbortSignal): HoldStill {
  let under: Element | undefined;
  let above = 0;
  let below = 0;
  /** the subpixel remainder of the last scroll: without it the remainders would add up */
  let behind = 0;

  const makeRoom = (): void => {
    page.style.setProperty('--room-above', `${above}px`);
    page.style.setProperty('--room-below', `${below}px`);
  };
  const giveBackAbove = (): void => {
    if (above === 0) return;
    above = 0;
    makeRoom();
  };
  const leftToScroll = (): number => document.documentElement.scrollHeight - innerHeight - scrollY;
  /** `by`: CSS pixels that the tile moved down; negative: up. */
  const follow = (by: number): void => {
    const down = Math.max(0, by - above);
    const up = Math.min(scrollY, Math.max(0, -by));
    above = Math.max(0, above - by - up);
    below = Math.max(0, below + down - leftToScroll());
    makeRoom();
    scrollBy({ top: down - up, behavior: 'instant' });
  };

  const entered = ({ target }: Event): void => {
    if (!(target instanceof Element)) return;
    const entering = target.closest(HELD) ?? undefined;
    if (entering !== under) behind = 0;
    under = entering;
    if (target.closest('holdfast-list') === null) giveBackAbove();
  };
  const left = ({ relatedTarget }: PointerEvent): void => {
    // out of the window, or the finger is lifted
    if (relatedTarget !== null) return;
    under = undefined;
    giveBackAbove();
  };
  document.addEventListener('pointerover', entered, { signal, passive: true });
  document.addEventListener('pointerout', left, { signal, passive: true });

  return () => {
    const held = under;
    if (held === undefined) return () => {};
    const top = held.getBoundingClientRect().top - behind;
    return () => {
      if (!held.isConnected || held.getBoundingClientRect().top === top + behind) return;
      follow(held.getBoundingClientRect().top - top);
      behind = held.getBoundingClientRect().top - top;
    };
  };
}
