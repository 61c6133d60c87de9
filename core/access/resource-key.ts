/** Resources by name: the one place where feed and id become a string, and where a string is understood again. */
import type { ResourceRef } from '#protocol/primitives';

/** `feed/id`: for maps, logs and people. No id holds a `/`, so no two resources share it. */
export function resourceKey({ feed, id }: ResourceRef): string {
  return `${feed}/${id}`;
}

/** Only its name, of something that says more. */
export function resourceRef({ feed, id }: ResourceRef): ResourceRef {
  return { feed, id };
}

export function isSameResource(a: ResourceRef, b: ResourceRef): boolean {
  return a.feed === b.feed && a.id === b.id;
}

/** What `name` may mean: `feed/id` that resource, known or not; a bare id every one of `known` that has it. */
export function resourcesNamed(name: string, known: readonly ResourceRef[]): readonly ResourceRef[] {
  const cut = name.indexOf('/');
  if (cut >= 0) return [{ feed: name.slice(0, cut), id: name.slice(cut + 1) }];
  return known.filter(({ id }) => id === name);
}
