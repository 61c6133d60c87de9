/** Finds elements in the HTML of the extension's own pages. */

/** The page's element with this id. */
export function element<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new TypeError(`no ${kind.name} with id ${id}`);
  return found;
}

const SVG = 'http://www.w3.org/2000/svg';

/** One of the symbols at the top of the page's HTML. */
export function glyph(name: string): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  const use = document.createElementNS(SVG, 'use');
  svg.setAttribute('class', 'glyph');
  svg.setAttribute('aria-hidden', 'true');
  use.setAttribute('href', `#${name}`);
  svg.append(use);
  return svg;
}
