/** All notices, in their order. Part of the second script. */
import type { AppState } from '../app/model.ts';
import { deviceNoticeOf } from './device-notice.ts';
import { groupsNoticeOf } from './groups-notice.ts';
import type { Item } from './list.ts';
import { lossNoticesOf } from './loss-notice.ts';
import type { Notice } from './notice.ts';

export function noticesOf(state: AppState, items: readonly Item[]): readonly Notice[] {
  return [...lossNoticesOf(state, items), ...groupsNoticeOf(state), ...deviceNoticeOf(state)];
}
