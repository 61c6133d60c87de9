/** Which test files a change concerns: those that import what was changed, however far around. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { importsOf } from '../architecture/imports.ts';
import { PROJECT_DIR } from './files.ts';

/** Importers of each file of ours, by its path in the project. */
export function importersOf(files: readonly string[], read: (file: string) => string): ReadonlyMap<string, readonly string[]> {
  const importers = new Map<string, string[]>();
  for (const file of files) {
    for (const name of importsOf(read(file))) {
      if (!name.startsWith('#') && !name.startsWith('.')) continue;
      const target = name.startsWith('#') ? `${name.slice(1)}.ts` : join(dirname(file), name);
      importers.set(target, [...(importers.get(target) ?? []), file]);
    }
  }
  return importers;
}

/** Test files among the changed ones and all that lead to them. */
export function testsReached(changed: readonly string[], importers: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const reached = new Set(changed);
  for (const file of reached) for (const importer of importers.get(file) ?? []) reached.add(importer);
  return [...reached].filter((file) => file.endsWith('.test.ts')).sort();
}

/** The whole project's. */
export function projectImporters(): ReadonlyMap<string, readonly string[]> {
  const files = globSync('{protocol,core,runtime,pwa,extension,native-host,services,cli,test}/**/*.ts', { cwd: PROJECT_DIR });
  return importersOf(
    files.map((file) => relative(PROJECT_DIR, join(PROJECT_DIR, file))),
    (file) => readFileSync(join(PROJECT_DIR, file), 'utf8'),
  );
}
