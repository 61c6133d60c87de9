/** A watched tab's deadline as an alarm of the browser: it wakes a worker that was stopped. */
import { alarms } from '../webext.ts';

const NAME = 'watch:';

/** `at` is in milliseconds since 1970; null cancels it. */
export function setAlarm(tab: number, at: number | null): void {
  if (at === null) alarms.clear(NAME + tab);
  else alarms.set(NAME + tab, at);
}

/** The tab of the alarm with this name; null: not an alarm of a watch. */
export function tabOfAlarm(name: string): number | null {
  return name.startsWith(NAME) ? Number(name.slice(NAME.length)) : null;
}
