/** A person's group names in their one form (`protocol/names.ts`), made once for each list. */
import { canonicalName } from '#protocol/names';

const sets = new WeakMap<readonly string[], ReadonlySet<string>>();

/** Whether one of `names` is a spelling of `name`. */
export function hasName(names: readonly string[], name: string): boolean {
  let set = sets.get(names);
  if (set === undefined) {
    set = new Set(names.flatMap((one) => canonicalName(one) ?? []));
    sets.set(names, set);
  }
  const wanted = canonicalName(name);
  return wanted !== undefined && set.has(wanted);
}
