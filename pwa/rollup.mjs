/** The portal into dist/portal/: hashed assets, index.html that names them, and the service worker that precaches them. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import resolve from '@rollup/plugin-node-resolve';
import { transformSync } from 'esbuild';
import esbuild from 'rollup-plugin-esbuild';

const OUT = 'dist/portal';
const TARGET = 'es2022';

/** Largest compressed sizes in bytes: portal script, what it loads after the first paint, and service worker. */
const BUDGET = { portal: 40 * 1024, 'after-paint': 12 * 1024, worker: 12 * 1024 };

const contentHash = (bytes) => createHash('sha256').update(bytes).digest('base64url').slice(0, 12);

/** Lowers and minifies our code and the libraries; `process.env.NODE_ENV` removes the libraries' development checks. */
const compile = (tsconfig) => [
  resolve({ browser: true, exportConditions: ['production'] }),
  esbuild({
    target: TARGET,
    minify: true,
    tsconfig,
    exclude: [],
    include: /\.[cm]?[jt]s$/,
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'none',
  }),
];

/** `#protocol/x` and `#core/x` are the package's own imports map; the bundler resolves them without Node's conditions. */
const ownImports = {
  name: 'own-imports',
  resolveId: (id) => (id.startsWith('#') ? new URL(`../${id.slice(1)}.ts`, import.meta.url).pathname : null),
};

function report(name, code, budget) {
  const brotli = brotliCompressSync(code).length;
  const line = `${name}: ${code.length} bytes, brotli ${brotli}, gzip ${gzipSync(code).length}, budget ${budget}`;
  if (brotli > budget) throw new Error(`over budget: ${line}`);
  console.log(line);
}

/** The shell that the service worker precaches: filled by the portal's build, read by the worker's. */
const shell = { version: '', urls: [] };

/** `kept`: needed to render the page, so the worker precaches it. */
function asset(name, extension, bytes, kept = true) {
  const url = `/assets/${name}-${contentHash(bytes)}.${extension}`;
  writeFileSync(`${OUT}${url}`, bytes);
  if (kept) shell.urls.push(url);
  return url;
}

/** Keeps a part's script in the shell, under its hashed name. */
function script(bundle, part) {
  const { code, fileName } = Object.values(bundle).find((file) => file.type === 'chunk' && file.isEntry);
  report(part, Buffer.from(code), BUDGET[part]);
  shell.urls.push(`/${fileName}`);
  return `/${fileName}`;
}

/** Built first: the page names it. */
const afterPaint = {
  name: 'portal-after-paint',
  url: '',
  buildStart() {
    rmSync(OUT, { recursive: true, force: true });
    mkdirSync(`${OUT}/assets`, { recursive: true });
    shell.urls = [];
  },
  generateBundle(_, bundle) {
    afterPaint.url = script(bundle, 'after-paint');
  },
};

/** Styles, pictures, the web app's manifest and index.html, once the scripts' hashed names are known. */
const page = {
  name: 'portal-page',
  generateBundle(_, bundle) {
    const url = script(bundle, 'portal');
    const css = ['tokens', 'parts', 'portal']
      .map((name) => readFileSync(new URL(`styles/${name}.css`, import.meta.url), 'utf8'))
      .join('\n');
    const style = asset('portal', 'css', transformSync(css, { loader: 'css', minify: true, target: 'chrome123' }).code);
    const icons = {};
    for (const name of ['mark.svg', 'mark-192.png', 'mark-512.png', 'mark-maskable-512.png']) {
      const bytes = readFileSync(new URL(`icons/${name}`, import.meta.url));
      icons[name] = asset(name.replace(/\.\w+$/, ''), name.split('.').at(-1), bytes, name.endsWith('.svg'));
    }
    const fill = (text) => text.replace(/%icons\/([\w.-]+)%/g, (_all, name) => icons[name]);
    const webManifest = fill(readFileSync(new URL('manifest.webmanifest', import.meta.url), 'utf8'));
    writeFileSync(`${OUT}/manifest.webmanifest`, webManifest);
    const html = fill(readFileSync(new URL('index.html', import.meta.url), 'utf8'))
      .replace('%script%', url)
      .replace('%after-paint%', afterPaint.url)
      .replace('%style%', style);
    writeFileSync(`${OUT}/index.html`, html);
    // The page is cached under the URL at which the Workspace serves it.
    shell.urls.push('/', '/manifest.webmanifest');
    shell.version = contentHash(html + webManifest);
  },
};

const nameShell = {
  name: 'name-shell',
  renderChunk: (code) => code.replace('self.__HOLDFAST_SHELL', JSON.stringify(shell)),
  generateBundle(_, bundle) {
    report('service worker', Buffer.from(bundle['sw.js'].code), BUDGET.worker);
  },
};

export default [
  {
    input: 'pwa/after-paint.ts',
    output: { dir: OUT, format: 'es', entryFileNames: 'assets/after-paint-[hash].js' },
    plugins: [ownImports, ...compile('pwa/tsconfig.json'), afterPaint],
  },
  {
    input: 'pwa/main.ts',
    // A classic script, not a module: only then does the browser cache its compiled code when the worker installs it.
    output: { dir: OUT, format: 'iife', entryFileNames: 'assets/portal-[hash].js' },
    plugins: [ownImports, ...compile('pwa/tsconfig.json'), page],
  },
  {
    input: 'pwa/worker/main.ts',
    output: { file: `${OUT}/sw.js`, format: 'es' },
    plugins: [ownImports, ...compile('pwa/worker/tsconfig.json'), nameShell],
  },
];
