/** Arrow keys, Home and End inside a group that is one tab stop. Up and down follow the rendered columns. */
export function roveKey(event: KeyboardEvent, group: readonly HTMLElement[]): void {
  if (event.altKey || event.ctrlKey || event.metaKey || !(event.target instanceof HTMLElement)) return;
  const at = group.indexOf(event.target);
  if (at < 0) return;
  const rightToLeft = getComputedStyle(event.target).direction === 'rtl';
  const to = target(event.key, at, group, rightToLeft ? -1 : 1);
  if (to === undefined) return;
  event.preventDefault();
  to.focus();
}

function target(key: string, at: number, group: readonly HTMLElement[], forward: 1 | -1): HTMLElement | undefined {
  switch (key) {
    case 'ArrowRight':
      return group[at + forward];
    case 'ArrowLeft':
      return group[at - forward];
    case 'ArrowDown':
      return inColumn(group.slice(at + 1), group[at], 'below');
    case 'ArrowUp':
      return inColumn(group.slice(0, at).reverse(), group[at], 'above');
    case 'Home':
      return group[0];
    case 'End':
      return group.at(-1);
    default:
      return undefined;
  }
}

function inColumn(candidates: readonly HTMLElement[], from: HTMLElement | undefined, where: 'below' | 'above'): HTMLElement | undefined {
  if (from === undefined) return undefined;
  const own = boxOf(from);
  return candidates.find((one) => {
    const box = boxOf(one);
    return Math.abs(box.left - own.left) < 8 && (where === 'below' ? box.top > own.top : box.top < own.top);
  });
}

function boxOf(element: HTMLElement): DOMRect {
  return (element.closest('.tile') ?? element).getBoundingClientRect();
}
