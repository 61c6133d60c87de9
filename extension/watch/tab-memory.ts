/** What is kept of a tab while the worker is stopped; read back from session storage through this schema. */
import * as v from 'valibot';
import type { WatchState } from '#core/machines/login-watch';
import { PromptModel } from '../pages/messages.ts';
import type { Note } from './navigation.ts';

const Navigation = v.union([v.number(), v.literal('own')]);
const Reason = PromptModel.entries.reason;
const Evidence = Reason.options[1].entries.evidence;

const Watch = v.variant('phase', [
  v.object({ phase: v.literal('idle') }),
  v.object({
    phase: v.literal('watching'),
    workspace: v.string(),
    navigation: Navigation,
    host: v.string(),
    place: v.picklist(['opening', 'portal', 'portal-sign-in', 'elsewhere']),
    seconds: v.number(),
    deadline: v.nullable(v.number()),
    doubt: v.nullable(Evidence),
  }),
  v.object({ phase: v.literal('prompting'), workspace: v.string(), navigation: Navigation, reason: Reason }),
]) satisfies v.GenericSchema<WatchState>;

const TabNote = v.object({
  number: v.number(),
  url: v.string(),
  request: v.nullable(v.string()),
  begun: v.boolean(),
  open: v.boolean(),
}) satisfies v.GenericSchema<Note>;

export const TabMemory = v.object({ note: v.nullable(TabNote), watch: Watch, shown: v.boolean() });
export interface TabMemory {
  readonly note: Note | null;
  readonly watch: WatchState;
  /** the window has opened since the watch began to prompt */
  readonly shown: boolean;
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
