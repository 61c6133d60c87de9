/** What `holdfast up` is asked to do, and what it may end by. */
import type { Endings } from './endings.ts';

export interface UpOptions {
  readonly projectDir: string;
  readonly portBase: number;
  readonly data: string;
  readonly browser: 'window' | 'headless' | 'none';
  readonly signal: AbortSignal;
  readonly endings: Endings;
  /** one line of progress for people */
  say(line: string): void;
  /** a component's standing has changed */
  onChange(): void;
}
