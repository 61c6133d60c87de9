/** The notice to a person that another device has begun to save their access. */
import type { AppState } from '../app/model.ts';
import type { Notice } from './notice.ts';
import { when } from './words.ts';

/** Others than this one, first seen after it and since the last notice was put away. Waits until this device knows its own key. */
export function deviceNoticeOf({ session, ownDevice, devicesSeen, now }: AppState): readonly Notice[] {
  if (session === undefined || ownDevice === undefined) return [];
  const own = session.newDevices.find(({ jkt }) => jkt === ownDevice);
  const after = Math.max(devicesSeen, own?.firstSeen ?? 0);
  const others = session.newDevices.filter(({ jkt, firstSeen }) => jkt !== ownDevice && firstSeen > after);
  const [newest] = others.toSorted((a, b) => b.firstSeen - a.firstSeen);
  if (newest === undefined) return [];
  const since = when(newest.firstSeen * 1_000, now);
  const ids = others.map(({ jkt }) => jkt.slice(0, 8)).join(', ');
  const notice: Notice = {
    look: 'wait',
    again: [],
    title:
      others.length === 1
        ? `A new device saves your access since ${since}`
        : `${others.length} new devices save your access, the last since ${since}`,
    text: `If you don’t know ${others.length === 1 ? 'it' : 'them'}, tell your service desk at once: ${ids}.`,
    away: { what: 'devices', until: newest.firstSeen },
  };
  return [notice];
}
