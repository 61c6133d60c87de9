/** The dialect of the machines (docs/state-machines.md): how a step is called, what every event says, who makes a state. */
import type { Source } from './source.ts';

const STEP = /export function next[A-Z]\w*\((?<parameters>[^)]*)\)/gu;
const EVENTS = /export type \w+Event =(?<body>[\s\S]*?);\n(?:\n|$)/gu;
const STATES = /export type \w+State =(?<body>[\s\S]*?);\n(?:\n|$)/gu;
const FUNCTION = /^(?:export )?function (?<name>\w+)[\s\S]*?^\}/gmu;
/** These make a state; everything else goes through them. */
const MAKERS = /^(?:become|start|resume)[A-Z]/u;

/** One line for each break of the dialect. Files of `core/machines/` only. */
export function brokenDialect({ path, text }: Source): readonly string[] {
  return [
    ...all(text, STEP, 'parameters')
      .filter((parameters) => !/^\s*state: [^,]+,\s*event: [^,]+,\s*settings: [^,]+,?\s*$/u.test(parameters))
      .map(() => `${path}: a step takes (state, event, settings)`),
    ...all(text, EVENTS, 'body')
      .filter((body) => !body.includes('Happening') && count(body, /readonly type:/gu) !== count(body, /readonly at:/gu))
      .map(() => `${path}: every event says \`at\``),
    ...all(text, STATES, 'body')
      .filter((body) => /readonly (?:phase|state|kind|status):/u.test(body))
      .map(() => `${path}: states are told apart by \`is\``),
    ...[...text.matchAll(FUNCTION)]
      .filter(([body, name = '']) => !MAKERS.test(name) && /\bstate: \{/u.test(body))
      .map(([, name]) => `${path}: ${name} makes a state, which only becomeX does`),
  ];
}

function all(text: string, pattern: RegExp, group: string): readonly string[] {
  return [...text.matchAll(pattern)].map(({ groups }) => groups?.[group] ?? '');
}

function count(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}
