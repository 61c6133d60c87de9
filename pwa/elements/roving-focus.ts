/** Arrow keys, Home and End inside a group that is one tab stop; where they lead, `view/roving.ts` decides. */
import { roveTo } from '../view/roving.ts';

export function roveKey(event: KeyboardEvent, group: readonly HTMLElement[]): void {
  if (event.altKey || event.ctrlKey || event.metaKey || !(event.target instanceof HTMLElement)) return;
  const at = group.indexOf(event.target);
  if (at < 0) return;
  const rightToLeft = getComputedStyle(event.target).direction === 'rtl';
  const placesOf = (): readonly DOMRect[] => group.map((one) => (one.closest('.tile') ?? one).getBoundingClientRect());
  const to = roveTo(event.key, at, group.length, { rightToLeft, placesOf });
  if (to === undefined) return;
  event.preventDefault();
  group[to]?.focus();
}
