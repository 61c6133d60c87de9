/** Where the prompt window goes, by the window that the person works in. Pure; in pixels of the screen. */
import type { How } from '#core/machines/login-watch-states';

export interface Spot {
  readonly left: number;
  readonly top: number;
}
export interface Size {
  readonly width: number;
  readonly height: number;
}
export interface WindowBox extends Spot, Size {
  readonly id: number;
}

/** Below the browser's own bars. */
const BELOW_BARS = 96;
/** Clear of the window's edge. */
const EDGE = 16;

/**
 * Places in the order of preference. `front`: in the middle. `beside`: right of the window, left of it, or, where the screen ends
 * there, in its lower right corner: sign-in forms stand in the middle or above, and nothing of the page is read.
 */
export function spotsFor(how: How, window: WindowBox, { width, height }: Size): readonly Spot[] {
  const top = window.top + BELOW_BARS;
  if (how === 'front') return [{ left: Math.round(window.left + Math.max(0, window.width - width) / 2), top }];
  const right = window.left + window.width;
  const bottom = window.top + window.height;
  return [
    { left: right, top },
    { left: window.left - width, top },
    { left: Math.max(window.left, right - width - EDGE), top: Math.max(window.top, bottom - height - EDGE) },
  ];
}
