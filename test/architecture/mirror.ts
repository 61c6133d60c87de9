/** The test tree mirrors the source: from a file's path one can tell where its tests are, and the other way round. */
import { posix } from 'node:path';

/** The whole system has no file to mirror; `checkers.test.ts` breaks every checker of this folder. */
const WITHOUT_MIRROR = /^test\/(?:e2e\/|architecture\/checkers\.test\.ts$)/u;

/**
 * Test files whose place does not say what they test. `test/<folder>/<name>.test.ts` tests `<folder>/<name>.ts`, or the whole
 * folder where `<name>` is the folder's own; `<name>.<aspect>.test.ts` one aspect of it. Tools of the tests have their tests beside them.
 */
export function strayTests(files: readonly string[]): readonly string[] {
  const all = new Set(files);
  const folders = new Set(files.map(posix.dirname));
  const tests = (folder: string, name: string) =>
    all.has(posix.join(folder, `${name}.ts`)) || (folders.has(folder) && posix.basename(folder) === name);
  return files.filter((file) => {
    const found = /^test\/(?:(?<folder>.+)\/)?(?<name>[^/.]+)(?:\.[^/.]+)?\.test\.ts$/u.exec(file)?.groups;
    if (!file.endsWith('.test.ts') || WITHOUT_MIRROR.test(file)) return false;
    const { folder = '', name = '' } = found ?? {};
    return !tests(folder, name) && !tests(posix.join('test', folder), name);
  });
}
