/** A program in xterm. */
import { titleValue } from './argument-values.ts';

/** Arguments of xterm: `options` of its own, then the program and its arguments. */
export function inTerminal(title: string, options: readonly string[], words: readonly string[]): string[] {
  // The title identifies the session; the program inside must not change it.
  return ['-xrm', 'XTerm.vt100.allowTitleOps: false', ...options, '-T', titleValue(title), '-e', ...words];
}
