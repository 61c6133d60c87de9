/** What the modules of `protocol/` export, in words that a person can compare: shapes with their caps, tables and numbers. */
import type * as v from 'valibot';

/** More than valibot says of a schema to whoever only parses with it. */
interface Shape {
  readonly kind: 'schema' | 'validation' | 'transformation' | 'metadata';
  readonly type: string;
  readonly pipe?: readonly Shape[];
  readonly requirement?: unknown;
  readonly entries?: Readonly<Record<string, Shape>>;
  readonly item?: Shape;
  readonly items?: readonly Shape[];
  readonly key?: Shape | string;
  readonly value?: Shape;
  readonly wrapped?: Shape;
  readonly options?: readonly unknown[];
  readonly literal?: unknown;
  readonly default?: unknown;
  readonly fallback?: unknown;
}

const LINE_MAX = 120;

/** One paragraph an export, in the order of the modules and of the names in them. */
export function wireReport(modules: Readonly<Record<string, object>>): string {
  const names = new Map<unknown, string>();
  for (const exported of Object.values(modules))
    for (const [name, value] of Object.entries(exported)) if (isShape(value) && !names.has(value)) names.set(value, name);
  /** what a module passes on of another stands there */
  const written = new Set<unknown>();
  const paragraphs = Object.entries(modules).map(([module, exported]) => {
    const lines = Object.entries(exported)
      .filter(([, value]) => typeof value !== 'function' && !(typeof value === 'object' && written.has(value)))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${name}: ${isShape(value) ? shapeOf(value, names) : dataOf(value, names)}`);
    for (const value of Object.values(exported)) written.add(value);
    return [`# ${module}`, ...lines].join('\n');
  });
  return `${paragraphs.join('\n\n')}\n`;
}

function isShape(value: unknown): value is Shape & v.GenericSchema {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'schema' && '~run' in value;
}

type Names = ReadonlyMap<unknown, string>;

function told(value: unknown, names: Names): string {
  return isShape(value) ? (names.get(value) ?? shapeOf(value, names)) : dataOf(value, names);
}

function shapeOf(shape: Shape, names: Names): string {
  const [first, ...actions] = shape.pipe ?? [shape];
  const root = first === undefined || first === shape ? plain(shape, names) : (names.get(first) ?? shapeOf(first, names));
  return [
    root,
    ...actions.map((action) => actionOf(action, names)),
    ...('fallback' in shape ? [`else ${dataOf(shape.fallback, names)}`] : []),
  ].join(' ');
}

function actionOf(action: Shape, names: Names): string {
  if (action.kind === 'schema') return `then ${told(action, names)}`;
  const { requirement } = action;
  if (requirement instanceof RegExp) return String(requirement);
  return requirement === undefined || typeof requirement === 'function' ? action.type : `${action.type}(${JSON.stringify(requirement)})`;
}

function plain({ type, entries, item, items, key, value, wrapped, options, literal, ...more }: Shape, names: Names): string {
  const byDefault = more.default === undefined ? '' : ` = ${dataOf(more.default, names)}`;
  if (wrapped !== undefined) return `${type} ${told(wrapped, names)}${byDefault}`;
  if (entries !== undefined) return type === 'object' ? block(entries, names) : `${type} ${block(entries, names)}`;
  if (item !== undefined) return `[${told(item, names)}]`;
  if (items !== undefined) return `[${items.map((one) => told(one, names)).join(', ')}]`;
  if (value !== undefined) return `${type} of ${told(key, names)}: ${told(value, names)}`;
  if (options !== undefined) return options.map((one) => told(one, names)).join(' | ');
  return type === 'literal' ? JSON.stringify(literal) : type;
}

function dataOf(value: unknown, names: Names): string {
  if (Array.isArray(value)) return `[${value.map((one) => told(one, names)).join(', ')}]`;
  if (value instanceof RegExp) return String(value);
  if (typeof value === 'object' && value !== null) return block(value, names);
  return typeof value === 'function' ? '(made)' : (JSON.stringify(value) ?? 'undefined');
}

function block(entries: object, names: Names): string {
  const lines = Object.entries(entries).map(([name, value]) => `${name}: ${told(value, names)}`);
  const line = lines.length === 0 ? '{}' : `{ ${lines.join(', ')} }`;
  if (line.length <= LINE_MAX && !line.includes('\n')) return line;
  return `{\n${lines.join('\n').replaceAll(/^/gmu, '  ')}\n}`;
}
