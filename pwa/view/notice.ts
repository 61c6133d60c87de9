/** A strip beside the access strip: what the person should know and may put away. */
import type { Item } from './list.ts';

export interface Notice {
  readonly look: 'calm' | 'wait';
  readonly title: string;
  readonly text: string;
  /** what can be opened again now, each once */
  readonly again: readonly Item[];
  readonly away: PutAway;
}
/** `devices`: of those first seen until then; seconds since 1970. `groups`: until this page is opened anew */
export type PutAway =
  | { readonly what: 'loss'; readonly location: string }
  | { readonly what: 'devices'; readonly until: number }
  | { readonly what: 'groups' };
