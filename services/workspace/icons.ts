/** The built-in icons, served by content hash, so that a path always shows the same picture. */
import { createHash } from 'node:crypto';

/** Ground colour and strokes on a field of 24 by 24. */
const DRAWINGS: Readonly<Record<string, readonly [ground: string, strokes: string]>> = {
  app: ['#3564a0', '<rect x="5" y="6" width="14" height="12" rx="1.5"/><path d="M5 9.5h14M7.5 7.8h.01"/>'],
  desktop: ['#4b5563', '<rect x="5" y="6" width="14" height="9.5" rx="1.5"/><path d="M9.5 18.5h5"/>'],
  'desktop-code': [
    '#4b5563',
    '<rect x="5" y="6" width="14" height="9.5" rx="1.5"/><path d="M9.5 18.5h5M9 9l-1.5 1.8L9 12.6m6-3.6 1.5 1.8-1.5 1.8"/>',
  ],
  terminal: ['#20282c', '<path d="m6.5 8 3.5 3.5L6.5 15M12 16h5.5"/>'],
  server: [
    '#0f6477',
    '<rect x="5.5" y="5.5" width="13" height="5.5" rx="1.5"/><rect x="5.5" y="13" width="13" height="5.5" rx="1.5"/><path d="M8.5 8.3h.01M8.5 15.8h.01"/>',
  ],
  web: ['#2f67a8', '<circle cx="12" cy="12" r="6.5"/><path d="M5.5 12h13M12 5.5c2.4 2 2.4 11 0 13-2.4-2-2.4-11 0-13Z"/>'],
  ledger: ['#0f6477', '<path d="M8 6h9a1 1 0 0 1 1 1v11H8a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2Zm1 4h6m-6 3.5h4"/>'],
  table: ['#1f7350', '<rect x="6" y="6" width="12" height="12" rx="1.5"/><path d="M6 10h12M6 14h12M10.5 6v12"/>'],
  mail: ['#2f67a8', '<rect x="5" y="7" width="14" height="10" rx="1.5"/><path d="m5.5 8.5 6.5 5 6.5-5"/>'],
  case: ['#3564a0', '<rect x="5.5" y="9" width="13" height="9" rx="1.5"/><path d="M9.5 9V6.5h5V9M5.5 13h13"/>'],
  money: ['#4a7434', '<rect x="5" y="7.5" width="14" height="9" rx="1.5"/><circle cx="12" cy="12" r="2"/>'],
  flask: ['#5a5fb0', '<path d="M10 5.5h4m-3 0v4.5L6.8 17a1 1 0 0 0 .9 1.5h8.6a1 1 0 0 0 .9-1.5L13 10V5.5M8.8 14h6.4"/>'],
  book: [
    '#6b4f8f',
    '<path d="M12 8v10M12 8c-1.5-1.3-3.5-1.5-6-1.5V16.5c2.5 0 4.5.2 6 1.5 1.5-1.3 3.5-1.5 6-1.5V6.5c-2.5 0-4.5.2-6 1.5Z"/>',
  ],
  clock: ['#7a5c12', '<circle cx="12" cy="12" r="6.5"/><path d="M12 8.5V12l2.5 1.8"/>'],
  box: ['#8a4474', '<path d="m12 5 6 3.4v7.2L12 19l-6-3.4V8.4Z"/><path d="m6 8.4 6 3.4 6-3.4M12 11.8V19"/>'],
  folder: ['#8a5a16', '<path d="M5 8a1 1 0 0 1 1-1h4l1.5 2H18a1 1 0 0 1 1 1v6.5a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1Z"/>'],
  archive: ['#a3502f', '<path d="M5.5 8.5h13v9h-13zM5.5 8.5 7 6h10l1.5 2.5M10 12h4"/>'],
};

export interface Icons {
  /** the path of a built-in icon; an unknown name gives the one of an app */
  pathOf(name: string): string;
  /** the picture behind `/icons/<file>` */
  find(file: string): string | undefined;
}

const HASH_CHARACTERS = 22;

export function openIcons(): Icons {
  const files = new Map<string, string>();
  const paths = new Map<string, string>();
  for (const [name, [ground, strokes]] of Object.entries(DRAWINGS)) {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" fill="${ground}"/><g fill="none" stroke="#fff" stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round">${strokes}</g></svg>`;
    const file = `${createHash('sha256').update(svg).digest('base64url').slice(0, HASH_CHARACTERS)}.svg`;
    files.set(file, svg);
    paths.set(name, `/icons/${file}`);
  }
  return { pathOf: (name) => paths.get(name) ?? paths.get('app') ?? '', find: (file) => files.get(file) };
}
