/** A page in memory, for drivers: what they ask of `document`, `window` and `location`, and no more. */
export interface PageInMemory {
  /** addresses that the page left for */
  readonly left: string[];
  /** addresses that it gave itself, without leaving */
  readonly renamed: string[];
  see(visibility: 'visible' | 'hidden'): void;
  /** an event of the window */
  happens(type: string): void;
}

const ORIGIN = 'https://workspace.example';

/** One in a process, as there is for a page: a new one takes the former one's place. */
export function openPageInMemory(): PageInMemory {
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  const window = new EventTarget();
  const page: PageInMemory = {
    left: [],
    renamed: [],
    see: (visibility) => {
      document.visibilityState = visibility;
      document.dispatchEvent(new Event('visibilitychange'));
    },
    happens: (type) => void window.dispatchEvent(new Event(type)),
  };
  Object.assign(globalThis, {
    document,
    addEventListener: window.addEventListener.bind(window),
    location: { origin: ORIGIN, assign: (address: string) => page.left.push(address) },
    history: { replaceState: (_state: unknown, _title: string, address: string) => page.renamed.push(address) },
  });
  return page;
}
