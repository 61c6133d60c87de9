/**
 * The shipped native host: two programs and their shared chunks, loaded on demand. `holdfast-host.mjs` contains only
 * what `hello` needs; the rest is imported dynamically after the first reply.
 */
import { fileURLToPath } from 'node:url';
import commonjs from '@rollup/plugin-commonjs';
import nodeResolve from '@rollup/plugin-node-resolve';
import esbuild from 'rollup-plugin-esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export default [
  {
    input: { 'holdfast-host': here('main.ts'), 'holdfast-session': here('session/main.ts') },
    output: {
      dir: here('../dist/native-host'),
      format: 'es',
      entryFileNames: '[name].mjs',
      chunkFileNames: 'host-[name].mjs',
      generatedCode: 'es2015',
    },
    external: [/^node:/u],
    plugins: [
      nodeResolve({ exportConditions: ['node'], extensions: ['.ts', '.mjs', '.js'] }),
      commonjs(),
      esbuild({ target: 'node24', minify: true }),
    ],
  },
];
