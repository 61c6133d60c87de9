/** The extension into dist/extension/: four scripts, its pages, styles and icons, and the manifest. Load it unpacked from there. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import commonjs from '@rollup/plugin-commonjs';
import resolve from '@rollup/plugin-node-resolve';
import { transformSync } from 'esbuild';
import esbuild from 'rollup-plugin-esbuild';

const root = (path) => new URL(`../${path}`, import.meta.url).pathname;

/** Files are overwritten in place, so that a browser with the folder loaded keeps working. */
const OUT = root('dist/extension');

/** Largest compressed sizes in bytes. The bridge runs in every Workspace page, so it has a budget too. */
const BUDGET = { background: 32 * 1024, bridge: 10 * 1024, popup: 15 * 1024, prompt: 15 * 1024 };

/** Source file -> file in the extension's folder. */
const ASSETS = {
  'extension/popup/popup.html': 'popup.html',
  'extension/prompt/prompt.html': 'prompt.html',
  'extension/extension.css': 'extension.css',
  'extension/managed-schema.json': 'managed-schema.json',
  'pwa/styles/tokens.css': 'tokens.css',
  'pwa/styles/parts.css': 'parts.css',
};

const ownImports = {
  name: 'own-imports',
  resolveId: (id) => (id.startsWith('#') ? root(`${id.slice(1)}.ts`) : null),
};

/** The version is the package's. Chromium and Firefox each take their own line of `background`. */
function manifest() {
  const { version } = JSON.parse(readFileSync(root('package.json'), 'utf8'));
  return JSON.stringify({ ...JSON.parse(readFileSync(root('manifest.json'), 'utf8')), version }, null, 2);
}

/** Styles lose their spaces and comments on the way. */
function copySmall(from, to) {
  if (!from.endsWith('.css')) return copyFileSync(from, to);
  writeFileSync(to, transformSync(readFileSync(from, 'utf8'), { loader: 'css', minify: true, target: 'chrome123' }).code);
}

const assets = {
  name: 'extension-assets',
  writeBundle() {
    mkdirSync(`${OUT}/icons`, { recursive: true });
    for (const [from, to] of Object.entries(ASSETS)) copySmall(root(from), `${OUT}/${to}`);
    for (const file of readdirSync(root('extension/icons'))) {
      if (file.endsWith('.png')) copyFileSync(root(`extension/icons/${file}`), `${OUT}/icons/${file}`);
    }
    writeFileSync(`${OUT}/manifest.json`, `${manifest()}\n`);
  },
};

function budget(name) {
  return {
    name: 'budget',
    writeBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        const size = gzipSync(chunk.code).length;
        const line = `extension ${name}: ${chunk.code.length} bytes, gzip ${size}, budget ${BUDGET[name]}`;
        if (size > BUDGET[name]) throw new Error(`over budget: ${line}`);
        console.log(line);
      }
    },
  };
}

const script = (name, input, more = []) => ({
  input: root(input),
  output: { file: `${OUT}/${name}.js`, format: 'iife', generatedCode: 'es2015' },
  plugins: [
    ...more,
    ownImports,
    resolve({ browser: true, exportConditions: ['production'] }),
    commonjs(),
    esbuild({
      target: 'es2022',
      minify: true,
      tsconfig: root('extension/tsconfig.json'),
      include: /\.[cm]?[jt]s$/,
      exclude: [],
      legalComments: 'none',
    }),
    budget(name),
  ],
});

export default [
  script('background', 'extension/background.ts', [assets]),
  script('bridge', 'extension/content/bridge.ts'),
  script('popup', 'extension/popup/popup.ts'),
  script('prompt', 'extension/prompt/prompt.ts'),
];
