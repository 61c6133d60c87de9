/** What `core/`, `protocol/` and the machines' driver must not touch: a clock, chance, the network, a process, the platform of Node or of a browser. */
import { codeOf, type Source } from './source.ts';

const FORBIDDEN: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a clock', /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\b|\bTemporal\.Now\b/u],
  ['chance', /\bMath\.random\b|\bgetRandomValues\b|\brandom(?:Bytes|UUID|Int)\b/u],
  ['a timer', /\bset(?:Timeout|Interval|Immediate)\b|\bqueueMicrotask\b/u],
  ['the network', /(?<![.\w])fetch\(|\bXMLHttpRequest\b|\bWebSocket\b/u],
  ['Node', /(?<![.\w'])process\b(?!:)|\bBuffer\b|\b__dirname\b|\brequire\(/u],
  ['a browser', /(?<![.\w])(?:window|document|navigator|localStorage|indexedDB|chrome|browser)\./u],
  ['the platform', /\bglobalThis\b|(?<![.\w])crypto\.(?:subtle|getRandomValues)/u],
  ['the console', /\bconsole\./u],
];

export function impurities({ path, text }: Source): readonly string[] {
  if (!/^(?:core|protocol|runtime\/machine)\/.*\.ts$/u.test(path)) return [];
  const code = codeOf(text);
  return FORBIDDEN.filter(([, pattern]) => pattern.test(code)).map(([what]) => `${path} uses ${what}`);
}
