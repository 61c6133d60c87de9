/** What a mutant changes: a table of operators over the syntax tree. */
import type { BinaryExpression, Expression, LogicalExpression, Node, UpdateExpression } from 'estree';

/** A node, and where it stands: offsets in UTF-16 units. */
export type Placed<T = Node> = T & { readonly start: number; readonly end: number };

/** What stands there instead. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly to: string;
}

/** The changes that begin at this node; `textOf` gives the source of a node below it. */
type Operator = (node: Placed, textOf: (node: Node) => string) => readonly Change[];

const OTHER_COMPARISON: Readonly<Record<string, readonly string[]>> = {
  '===': ['!=='],
  '!==': ['==='],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
};
const OTHER_ARITHMETIC: Readonly<Record<string, readonly string[]>> = { '+': ['-'], '-': ['+'], '*': ['/'], '/': ['*'] };
const OTHER_LOGIC: Readonly<Record<string, readonly string[]>> = { '&&': ['||'], '||': ['&&'] };
const OTHER_METHOD: Readonly<Record<string, string>> = {
  some: 'every',
  every: 'some',
  min: 'max',
  max: 'min',
  floor: 'ceil',
  ceil: 'floor',
};
/** A value this many times as large is another promise: a minute is then more than an hour and a half. */
const FAR = 100;
/** What is logged is for eyes: what a log must say has a test, where it is a promise, and most lines are none. */
const LOGS = /\blog(?:ger)?\b|^console\b|\bsay\b/u;

export const OPERATORS = {
  comparison: (node, textOf) => (node.type === 'BinaryExpression' ? others(node, OTHER_COMPARISON, textOf) : []),
  arithmetic: (node, textOf) =>
    node.type === 'BinaryExpression' && ![node.left, node.right].some(isText) ? others(node, OTHER_ARITHMETIC, textOf) : [],
  logic: (node, textOf) => {
    if (node.type !== 'LogicalExpression') return [];
    return node.operator === '??' ? [instead(node, textOf(node.left))] : others(node, OTHER_LOGIC, textOf);
  },
  condition: (node) =>
    node.type === 'IfStatement' || node.type === 'ConditionalExpression'
      ? ['true', 'false'].map((to) => instead(node.test as Placed, to))
      : [],
  negation: (node, textOf) => (node.type === 'UnaryExpression' && node.operator === '!' ? [instead(node, textOf(node.argument))] : []),
  constant: (node) => {
    if (node.type !== 'Literal') return [];
    if (typeof node.value === 'boolean') return [instead(node, String(!node.value))];
    if (typeof node.value !== 'number') return [];
    return [instead(node, node.value === 0 ? '1' : node.value === 1 ? '0' : String(node.value * FAR))];
  },
  method: (node, textOf) => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression' || node.callee.property.type !== 'Identifier') return [];
    const { object, property } = node.callee;
    const other = Object.hasOwn(OTHER_METHOD, property.name) ? OTHER_METHOD[property.name] : undefined;
    if (other !== undefined) return [instead(property as Placed, other)];
    return property.name === 'filter' ? [instead(node, textOf(object))] : [];
  },
  /** What is done only for its effect is left out: a call, or a new value. */
  effect: (node, textOf) => {
    if (node.type !== 'ExpressionStatement') return [];
    const done = withoutWait(node.expression);
    const isEffect = done.type === 'CallExpression' ? !LOGS.test(textOf(done.callee)) : done.type === 'AssignmentExpression';
    return isEffect ? [instead(node, ';')] : [];
  },
} satisfies Readonly<Record<string, Operator>>;

export type OperatorName = keyof typeof OPERATORS;

function instead({ start, end }: Placed, to: string): Change {
  return { start, end, to };
}

function others(
  node: Placed<BinaryExpression | LogicalExpression>,
  table: Readonly<Record<string, readonly string[]>>,
  textOf: (node: Node) => string,
): readonly Change[] {
  const { left, operator } = node;
  const start = node.start + textOf(node).indexOf(operator, (left as Placed).end - node.start);
  return (table[operator] ?? []).map((to) => ({ start, end: start + operator.length, to }));
}

function isText(side: Node): boolean {
  return side.type === 'TemplateLiteral' || (side.type === 'Literal' && typeof side.value === 'string');
}

function withoutWait(expression: Expression | UpdateExpression): Expression {
  if (expression.type === 'AwaitExpression') return withoutWait(expression.argument);
  return expression.type === 'UnaryExpression' && expression.operator === 'void' ? withoutWait(expression.argument) : expression;
}
