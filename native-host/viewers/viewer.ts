/** A viewer: a program, a kind of door, and its arguments. */

import type * as v from 'valibot';
import type { AttachedFrame } from '#protocol/channel';
import type { LeasedResource } from '#protocol/lease';
import type { SessionProtocol } from '#protocol/primitives';
import type { DoorAt, DoorKind } from '../session/door.ts';
import type { SessionKey } from '../session/session-key.ts';

export interface ViewerInput {
  /** the session's own owner-only folder */
  readonly folder: string;
  readonly door: DoorAt;
  readonly resource: v.InferOutput<typeof LeasedResource>;
  readonly signOn: AttachedFrame['signOn'];
  readonly key: SessionKey | undefined;
}

/** How to start it. Secrets are in `stdin` and `env`, never in `args`. */
export interface ViewerPlan {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

export interface Viewer {
  readonly protocol: SessionProtocol;
  readonly name: string;
  readonly file: string;
  readonly door: DoorKind;
  /** Writes the viewer's files into the session's folder, and returns how to start it. */
  plan(input: ViewerInput): Promise<ViewerPlan>;
}
