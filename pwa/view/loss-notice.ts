/** The words of a notice: a location that stopped answering, the sessions that ended there, and what opens again. */
import type { Loss } from '#core/access/losses';
import { isSameResource } from '#core/access/resource-key';
import type { AppState } from '../app/model.ts';
import type { Item } from './list.ts';
import type { Notice } from './notice.ts';
import { when } from './words.ts';

/** Buttons in one strip; the others open from their tiles. */
const BUTTONS = 3;

/** In an outage the banner and the tiles tell of silent locations; of ended sessions only this does. */
export function lossNoticesOf(state: AppState, items: readonly Item[]): readonly Notice[] {
  const online = state.portal.is === 'online' || state.portal.is === 'degraded';
  return [...state.losses.byLocation.values()]
    .filter(({ ended }) => online || ended.length > 0)
    .map((loss) => noticeOf(loss, state, items));
}

function noticeOf(loss: Loss, state: AppState, items: readonly Item[]): Notice {
  const at = when(loss.at, state.now);
  const { location, name, ended } = loss;
  const away = { what: 'loss', location } as const;
  const again = items
    .filter((item) => ended.some(({ resource }) => isSameResource(resource, item.ref)) && opensSomewhere(item, state))
    .slice(0, BUTTONS);
  const how =
    again.length > 0
      ? 'Open again what you need.'
      : `${ended.length === 1 ? 'It opens' : 'They open'} again when ${name} answers; Holdfast asks every 30 s.`;
  switch (loss.is) {
    case 'silent':
      return ended.length === 0
        ? {
            away,
            look: 'wait',
            title: `${name} stopped answering at ${at}`,
            text: 'Nothing opens there until it answers; Holdfast asks every 30 s.',
            again,
          }
        : {
            away,
            look: 'wait',
            title: `${name} stopped answering at ${at}; ${counted(ended.length)} ended`,
            text: `${namesOf(loss)}. ${how}`,
            again,
          };
    case 'sessions':
      return {
        away,
        look: 'wait',
        title: `${counted(ended.length)} in ${name} ended at ${at}`,
        text: `${namesOf(loss)}. ${how}`,
        again,
      };
    case 'back':
      return {
        away,
        look: 'calm',
        title: `${name} answers again`,
        text: `It stopped at ${at}, and ${counted(ended.length)} ended: ${namesOf(loss)}. ${how}`,
        again,
      };
  }
}

/** Open, and not only at locations that are silent. */
function opensSomewhere({ resource, opens }: Item, { reachability }: AppState): boolean {
  if (opens.can !== 'open' || resource.kind === 'web') return false;
  return resource.locations.some(({ id }) => reachability.get(id)?.state !== 'unreachable');
}

function counted(count: number): string {
  return count === 1 ? '1 session' : `${count} sessions`;
}

/** "Ledger, Mail, Payroll and 2 more" */
function namesOf({ ended }: Loss): string {
  const names = ended.map(({ name }) => name);
  return names.length <= BUTTONS + 1 ? names.join(', ') : `${names.slice(0, BUTTONS).join(', ')} and ${names.length - BUTTONS} more`;
}
