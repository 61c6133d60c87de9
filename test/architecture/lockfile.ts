/** `npm ci` refuses a lock file that lacks an optional package, also one for another platform that this machine never installs. */
import * as v from 'valibot';

const Package = v.looseObject({ optionalDependencies: v.optional(v.record(v.string(), v.string())) });
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
