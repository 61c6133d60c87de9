/** How the extension's own pages hold on to the worker: the port is opened again when the worker was stopped. */
import { parse } from '#protocol/parse';
import { type PageAction, WorkerMessage } from './messages.ts';
import { type Port, self } from './webext.ts';

/** Long enough for a stopped worker to go, short enough not to be seen. */
const PAUSE = 250;

export function follow(name: string, onMessage: (message: WorkerMessage) => void): { send(action: PageAction): void } {
  let port: Port = open();
  function open(): Port {
    const mine = self.connect(name);
    mine.onMessage((message) => onMessage(parse(WorkerMessage, message)));
    mine.onClose(() => {
      setTimeout(() => {
        port = open();
      }, PAUSE);
    });
    return mine;
  }
  return { send: (action) => port.post(action) };
}

/** The page's element with this id; the page's own HTML has it. */
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
