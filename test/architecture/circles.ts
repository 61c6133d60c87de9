/** Circles of imports: files that need each other, by whichever way round. A type counts like a value. */
import { importsOf, targetOf } from './imports.ts';
import type { Source } from './source.ts';

/** One line for each circle, `a -> b -> a`, beginning with the first of its files by name. */
export function importCircles(sources: readonly Source[]): readonly string[] {
  const known = new Set(sources.map(({ path }) => path));
  const imports = new Map(
    sources.map(({ path, text }) => {
      const targets = importsOf(text).map((specifier) => targetOf(path, specifier));
      return [path, targets.flatMap((target) => (target !== undefined && known.has(target) ? target : []))];
    }),
  );
  const done = new Set<string>();
  const circles: string[] = [];
  const walk = (file: string, way: readonly string[]): void => {
    const begin = way.indexOf(file);
    if (begin >= 0) circles.push(turned(way.slice(begin)));
    if (begin >= 0 || done.has(file)) return;
    for (const target of imports.get(file) ?? []) walk(target, [...way, file]);
    done.add(file);
  };
  for (const { path } of sources) walk(path, []);
  return circles;
}

function turned(circle: readonly string[]): string {
  const first = circle.indexOf([...circle].sort()[0] ?? '');
  const files = [...circle.slice(first), ...circle.slice(0, first)];
  return [...files, files[0]].join(' -> ');
}
