/** Preparations during the exchange: find the viewer, make an SSH key. */
import type { PrepareOrder } from '#protocol/session-process';
import { findViewer } from '../viewers/find.ts';
import type { Viewer } from '../viewers/viewer.ts';
import { makeSessionKey, type SessionKey } from './session-key.ts';

export interface Prepared {
  readonly folder: string;
  readonly correlationId: string;
  readonly viewer: Viewer;
  /** for SSH only */
  readonly key: SessionKey | undefined;
}

/** Throws `missing_viewer`, naming what to install, or 3026. */
export async function prepare({ folder, correlationId, protocol, viewers }: PrepareOrder, signal: AbortSignal): Promise<Prepared> {
  const viewer = findViewer(protocol, viewers);
  const key = protocol === 'ssh' ? await makeSessionKey(folder, signal) : undefined;
  return { folder, correlationId, viewer, key };
}
