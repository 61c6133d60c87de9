/** P9: what a browser downloads, compressed (brotli, as servers send it), in KB of 1,000 bytes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { type Figure, judge } from './measure.ts';

const DIST = new URL('../../dist/', import.meta.url).pathname;

const PARTS = [
  { what: 'portal JavaScript', folder: 'portal', files: (name: string) => /^assets\/.*\.js$/u.test(name), atMost: 45 },
  { what: 'service worker', folder: 'portal', files: (name: string) => name === 'sw.js', atMost: 12 },
  { what: 'extension worker', folder: 'extension', files: (name: string) => /^background.*\.js$/u.test(name), atMost: 30 },
  {
    what: 'popup',
    folder: 'extension',
    files: (name: string) => /^(?:popup\.(?:html|js)|tokens\.css|parts\.css|extension\.css)$/u.test(name),
    atMost: 15,
  },
];

export async function measure(): Promise<Figure[]> {
  return PARTS.map(({ what, folder, files, atMost }) => {
    const found = readdirSync(join(DIST, folder), { recursive: true, encoding: 'utf8' }).filter(files);
    if (found.length === 0) throw new Error(`nothing is built for ${what}: run "npm run build" first`);
    const bytes = found.map((name) => brotliCompressSync(readFileSync(join(DIST, folder, name))).length);
    return judge('P9', what, bytes.reduce((sum, size) => sum + size, 0) / 1_000, 'KB', { atMost });
  });
}
