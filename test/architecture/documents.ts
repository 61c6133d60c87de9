/** Documents that must say what the code says. */
import { basename, dirname } from 'node:path';
import type { Source } from './source.ts';

export interface ErrorLine {
  readonly code: string;
  readonly http: number;
  readonly retryable: boolean;
  /** `reason` or `reason(param, param)`, with commas between */
  readonly reasons: string;
}

const CODE = /^(?:\d{4}|[a-z_]+)$/u;

/** Lines of the table under "Errors" of PROTOCOL.md. */
export function errorTable(document: string): readonly ErrorLine[] {
  const section = /^## Errors$(?<body>[\s\S]*?)(?=^## |$(?![\s\S]))/mu.exec(document)?.groups?.['body'] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .flatMap(([, code = '', http = '', retryable = '', reasons = '']) =>
      CODE.test(code) && code !== 'code' ? [{ code, http: Number(http), retryable: retryable === 'yes', reasons }] : [],
    );
}

/** Every difference in one line. */
export function tableDifferences(documented: readonly ErrorLine[], coded: readonly ErrorLine[]): readonly string[] {
  const differs = (a: ErrorLine, b: ErrorLine) => JSON.stringify(a) !== JSON.stringify(b);
  return [
    ...coded.flatMap((line) => {
      const written = documented.find(({ code }) => code === line.code);
      if (written === undefined) return [`${line.code} is missing in PROTOCOL.md`];
      return differs(written, line) ? [`${line.code} differs: PROTOCOL.md has ${JSON.stringify(written)}`] : [];
    }),
    ...documented.filter(({ code }) => !coded.some((line) => line.code === code)).map(({ code }) => `${code} is not in errors.ts`),
  ];
}

/** Folders with files of ours that ARCHITECTURE.md does not name, as `folder/`. A folder of `test/` that mirrors another needs no line. */
export function unmappedFolders(files: readonly string[], architecture: string): readonly string[] {
  const folders = new Set(files.map(dirname).filter((folder) => folder !== '.'));
  const mirrors = (folder: string) => folders.has(folder.replace(/^test\//u, ''));
  return [...folders]
    .filter((folder) => !mirrors(folder) || !folder.startsWith('test/'))
    .filter((folder) => !architecture.includes(`\`${folder}/\``))
    .sort();
}

const NAMED_FILE = /(?<![<>\w./*-])\w[\w./-]*\.ts\b/gu;
const HEAD = /^\s*\/\*\*[\s\S]*?\*\//u;

/** One line for each file that a document, or the head of a source, names by its path or the end of it, and that is not there. */
export function missingFiles(texts: readonly Source[], files: readonly string[]): readonly string[] {
  const isThere = (name: string) => files.some((file) => file === name || file.endsWith(`/${name}`));
  return texts.flatMap(({ path, text }) => {
    const read = path.endsWith('.md') ? text : (HEAD.exec(text)?.[0] ?? '');
    return [...new Set(read.match(NAMED_FILE))].filter((name) => !isThere(name)).map((name) => `${path} names ${name}`);
  });
}

/** A file is named for its job; these names say none. */
const EMPTY_NAMES = /^(?:utils?|helpers?|common|shared|misc)(?:\.|$)/u;

export function emptyNames(files: readonly string[]): readonly string[] {
  return files.filter((file) => [...dirname(file).split('/'), basename(file)].some((name) => EMPTY_NAMES.test(name)));
}
