/** A viewer: a program, a kind of door, its arguments, and what it says of itself. */

import type * as v from 'valibot';
import type { AttachedFrame } from '#protocol/channel';
import type { LeasedResource } from '#protocol/lease';
import type { SessionProtocol } from '#protocol/primitives';
import type { DoorAt, DoorKind } from '../session/door.ts';
import type { SessionKey } from '../session/session-key.ts';
import type { ViewerWords } from './viewer-words.ts';

export type SignOn = AttachedFrame['signOn'];

export interface ViewerInput {
  /** the session's own owner-only folder, in which the viewer runs: its files are named relative to it */
  readonly folder: string;
  readonly door: DoorAt;
  readonly resource: v.InferOutput<typeof LeasedResource>;
  readonly signOn: SignOn;
  readonly key: SessionKey | undefined;
}

/** The file in the session's folder with all that the viewer says: a program in a terminal has no other output of its own. */
export const SAID = 'said';

/** How to start it. Secrets are in `stdin` and `env`, never in `args`. What it says is in `SAID`, or on stdout and stderr. */
export interface ViewerPlan {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly words: ViewerWords;
}

export interface Viewer {
  readonly protocol: SessionProtocol;
  readonly name: string;
  readonly file: string;
  door(signOn: SignOn): DoorKind;
  /** Writes the viewer's files into the session's folder, and returns how to start it. */
  plan(input: ViewerInput): Promise<ViewerPlan>;
}
