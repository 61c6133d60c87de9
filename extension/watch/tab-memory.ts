/** What is kept of a tab while the worker is stopped; read back from session storage through this schema. */
import * as v from 'valibot';
import { WatchState } from '#core/machines/login-watch-states';
import type { Note } from './navigation.ts';

const TabNote = v.object({
  number: v.number(),
  url: v.string(),
  request: v.nullable(v.string()),
  begun: v.boolean(),
  open: v.boolean(),
}) satisfies v.GenericSchema<Note>;

export const TabMemory = v.object({ note: v.nullable(TabNote), watch: WatchState });
export interface TabMemory {
  readonly note: Note | null;
  readonly watch: WatchState;
}

const Tabs = v.record(v.string(), TabMemory);

/** Tabs by id; empty when nothing readable is stored. */
export function readTabs(stored: unknown): Map<number, TabMemory> {
  const tabs = v.safeParse(Tabs, stored);
  return new Map(tabs.success ? Object.entries(tabs.output).map(([id, memory]) => [Number(id), memory]) : []);
}

export function writeTabs(tabs: ReadonlyMap<number, TabMemory>): unknown {
  return Object.fromEntries(tabs);
}
