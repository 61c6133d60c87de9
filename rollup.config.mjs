/** Everything that runs in a browser or ships as one file. Each part names its own bundles in `<part>/rollup.mjs`. */
import { existsSync } from 'node:fs';

const PARTS = ['pwa', 'extension', 'native-host'];

/** `rollup -c` builds all parts that are there; `rollup -c --configOnly pwa` builds one. */
export default async (args) => {
  const only = args.configOnly;
  delete args.configOnly;
  const configs = [];
  for (const part of PARTS) {
    const file = new URL(`./${part}/rollup.mjs`, import.meta.url);
    if ((only === undefined || only === part) && existsSync(file)) configs.push(...(await import(file.href)).default);
  }
  return configs;
};
