/** P1's peer: the portal's own tiles by the usual recipe, a page whose script asks for the list, and a network-first worker. */
import { readFile } from 'node:fs/promises';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { rollup } from 'rollup';
import esbuild from 'rollup-plugin-esbuild';
import { type MoodySite, startMoodySite } from '../moody-site.ts';
import type { Snapshot } from '../snapshot.ts';

export async function startNetworkFirstSite({ before, tile, after, tiles }: Snapshot, names: readonly string[]): Promise<MoodySite> {
  const here = (file: string) => new URL(file, import.meta.url);
  const bundle = await rollup({
    input: here('worker.js').pathname,
    plugins: [nodeResolve({ browser: true }), esbuild({ minify: true, define: { 'process.env.NODE_ENV': '"production"' } })],
  });
  const built = await bundle.generate({ format: 'iife' });
  const settings = JSON.stringify({ tile, first: tiles.length }).replaceAll('<', '\\u003c');
  const script = (await readFile(here('page.js'), 'utf8')).replace('SETTINGS', () => settings);
  return startMoodySite('peer', {
    '/': ['text/html; charset=utf-8', `${before}${after}<script type="module">${script}</script>`],
    '/worker.js': ['text/javascript', built.output[0].code],
    '/api/list': ['application/json', JSON.stringify({ resources: names.map((name) => ({ name })) })],
  });
}
