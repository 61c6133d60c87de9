/**
 * The lock file is the list of everything that is ever installed: every package stands in it with the digest of its content, and none fetches
 * another package while it is being installed. `npm ci` refuses one that lacks an optional package, also one for another platform.
 */
import * as v from 'valibot';

const Package = v.looseObject({
  integrity: v.optional(v.string()),
  hasInstallScript: v.optional(v.boolean()),
  optionalDependencies: v.optional(v.record(v.string(), v.string())),
});
const Lockfile = v.looseObject({ packages: v.record(v.string(), Package) });

/** Packages that some package may bring along and the lock file does not name. */
export function unlockedPlatforms(text: string): readonly string[] {
  const { packages } = v.parse(Lockfile, JSON.parse(text));
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages),
    ),
  );
}

/** Packages without the digest of their content: whoever answers for the registry could send anything. */
export function undigested(text: string): readonly string[] {
  const { packages } = v.parse(Lockfile, JSON.parse(text));
  return Object.entries(packages).flatMap(([path, { integrity = '' }]) =>
    path === '' || /^sha512-[\w+/]{86}==$/u.test(integrity) ? [] : [path],
  );
}

/** What runs a script of its own while it is installed, and what that does. Only these may: they fetch no package. */
const INSTALL_SCRIPTS: ReadonlyMap<string, string> = new Map([
  ['node_modules/esbuild', 'checks that its platform package runs, which is an optional dependency with a line of its own'],
  ['node_modules/puppeteer', 'downloads a browser, unless told not to, as .puppeteerrc.cjs does'],
]);

/** Packages that run a script while they are installed, which may fetch what no lock file knows. */
export function installScripts(text: string): readonly string[] {
  const { packages } = v.parse(Lockfile, JSON.parse(text));
  return Object.entries(packages).flatMap(([path, { hasInstallScript }]) =>
    hasInstallScript === true && !INSTALL_SCRIPTS.has(path) ? [path] : [],
  );
}
