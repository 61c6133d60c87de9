/** Values that are exported and that nobody imports. Types are free: those of an exported function's arguments are its callers' to name. */
import { targetOf } from './imports.ts';
import { codeOf, type Source } from './source.ts';

const EXPORTED = /^export (?:async )?(?:function|const|let|class) (?<name>[\w$]+)/gmu;
const IMPORTED = /^(?:import|export)\s+(?<what>[^;'"]*?)\s*from\s*['"](?<from>[^'"]+)['"]|\bimport\(\s*['"](?<whole>[^'"]+)['"]/gmu;

/** One line for each export of a file outside tests that no file, tests included, imports. */
export function unusedExports(sources: readonly Source[]): readonly string[] {
  const imported = new Set(sources.flatMap(importedBy));
  return sources
    .filter(({ path }) => path.endsWith('.ts') && !path.startsWith('test/'))
    .flatMap(({ path, text }) => [...codeOf(text).matchAll(EXPORTED)].map(({ groups }) => `${path} ${groups?.['name']}`))
    .filter((one) => !imported.has(one) && !imported.has(`${one.split(' ')[0]} *`));
}

/** `file name` for each name that is imported; `file *` where all of them may be. */
function importedBy({ path, text }: Source): readonly string[] {
  return [...text.matchAll(IMPORTED)].flatMap(({ groups }) => {
    const target = targetOf(path, groups?.['from'] ?? groups?.['whole'] ?? '');
    const names = /\{(?<names>[^}]*)\}/u.exec(groups?.['what'] ?? '')?.groups?.['names'];
    if (names === undefined) return [`${target} *`];
    return names.split(',').map(
      (name) =>
        `${target} ${name
          .trim()
          .replace(/^type /u, '')
          .replace(/ as .*$/u, '')}`,
    );
  });
}
