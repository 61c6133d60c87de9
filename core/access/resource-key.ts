/** Resource keys: the one place that turns feed and id into a string and back. */
import type { ResourceRef } from '#protocol/primitives';

/** `feed/id`: for maps, logs and people. No id holds a `/`, so no two resources share it. */
export function resourceKey({ feed, id }: ResourceRef): string {
  return `${feed}/${id}`;
}

/** Only feed and id, from a value with more fields. */
export function resourceRef({ feed, id }: ResourceRef): ResourceRef {
  return { feed, id };
}

export function isSameResource(a: ResourceRef, b: ResourceRef): boolean {
  return a.feed === b.feed && a.id === b.id;
}

/** The resources that `name` may mean: `feed/id` exactly that one, known or not; a bare id every one of `known` with that id. */
export function resourcesNamed(name: string, known: readonly ResourceRef[]): readonly ResourceRef[] {
  const cut = name.indexOf('/');
  if (cut >= 0) return [{ feed: name.slice(0, cut), id: name.slice(cut + 1) }];
  return known.filter(({ id }) => id === name);
}
