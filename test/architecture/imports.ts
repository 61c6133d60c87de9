/** Who may import whom. Dependencies run one way: protocol <- core <- the parts; runtime serves what runs on Node. */
import { posix } from 'node:path';
import type { Source } from './source.ts';

interface Rule {
  /** folders of the project; `.` stands for the importer's own */
  readonly folders: readonly string[];
  /** packages by name; `any` of them; `node`: the platform's modules too */
  readonly packages: readonly string[] | 'any' | 'any and node';
}

const FREE = 'any and node';
const DRIVER = 'runtime/machine';
const RULES: Readonly<Record<string, Rule>> = {
  protocol: { folders: ['.'], packages: ['valibot'] },
  core: { folders: ['.', 'protocol'], packages: ['valibot'] },
  runtime: { folders: ['.', DRIVER, 'core', 'protocol'], packages: FREE },
  // Without a platform of its own, so that browsers have it, too (docs/adr/0009).
  [DRIVER]: { folders: ['.', 'core', 'protocol'], packages: [] },
  pwa: { folders: ['.', DRIVER, 'core', 'protocol'], packages: 'any' },
  extension: { folders: ['.', DRIVER, 'core', 'protocol'], packages: 'any' },
  'native-host': { folders: ['.', 'runtime', DRIVER, 'core', 'protocol'], packages: FREE },
  services: { folders: ['.', 'runtime', DRIVER, 'core', 'protocol'], packages: FREE },
  deploy: { folders: ['.'], packages: FREE },
};
/** Modules behind a door: of the files outside tests, that one alone imports them. */
const DOORS: readonly { readonly behind: RegExp; readonly door: string }[] = [
  { behind: /^native-host\/device-key\/[a-z0-9-]+-key\.ts$/u, door: 'native-host/device-key/open.ts' },
  { behind: /^services\/identity\/sources\/(?!sources\.ts)/u, door: 'services/identity/sources/sources.ts' },
];
/** They compose the parts; nobody imports them. */
const COMPOSERS = ['cli', 'test'];

const IMPORT =
  /(?:^|[\n;])\s*(?:import|export)\b[^;'"`]*?\bfrom\s*['"](?<from>[^'"]+)['"]|(?:^|[\n;])\s*import\s*['"](?<bare>[^'"]+)['"]|\bimport\(\s*['"](?<dynamic>[^'"]+)['"]/gu;

export function importsOf(text: string): readonly string[] {
  return [...text.matchAll(IMPORT)].flatMap(({ groups }) => groups?.['from'] ?? groups?.['bare'] ?? groups?.['dynamic'] ?? []);
}

/** One line for each import that the rules forbid. Build files (`.mjs`) run on the developer's machine and are free. */
export function forbiddenImports({ path, text }: Source): readonly string[] {
  const part = partOf(path);
  const rule = RULES[part] ?? RULES[part.split('/')[0] ?? ''];
  if (rule === undefined || path.endsWith('.mjs')) return [];
  return importsOf(text)
    .filter((specifier) => !allowed(rule, part, path, specifier))
    .map((specifier) => `${path} imports ${specifier}`);
}

/** One line for each import that goes past a door. */
export function pastDoors({ path, text }: Source): readonly string[] {
  if (path.startsWith('test/')) return [];
  const doors = (target: string) => DOORS.filter(({ behind, door }) => behind.test(target) && path !== door);
  return importsOf(text)
    .map((specifier) => targetOf(path, specifier) ?? '')
    .flatMap((target) => doors(target).map(({ door }) => `${path} imports ${target}, which is behind ${door}`));
}

/** A service is a part of its own: none imports another. So is the driver of the machines. */
function partOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  if (path.startsWith(`${DRIVER}/`)) return DRIVER;
  return first === 'services' && path.split('/').length > 2 ? `${first}/${second}` : first;
}

function allowed(rule: Rule, part: string, importer: string, specifier: string): boolean {
  const target = targetOf(importer, specifier);
  if (target === undefined) return allowedPackage(rule, specifier);
  const to = partOf(target);
  if (COMPOSERS.includes(to)) return false;
  return to === part || rule.folders.includes(to);
}

/** Path in the project, or `undefined` for a package. */
export function targetOf(importer: string, specifier: string): string | undefined {
  if (specifier.startsWith('#')) return `${specifier.slice(1)}.ts`;
  return specifier.startsWith('.') ? posix.join(posix.dirname(importer), specifier) : undefined;
}

function allowedPackage({ packages }: Rule, specifier: string): boolean {
  if (specifier.startsWith('node:')) return packages === FREE;
  return typeof packages === 'string' || packages.some((name) => specifier === name || specifier.startsWith(`${name}/`));
}
