/** Runs the login watch of every tab: browser events in, the machine's effects out, each state saved before its effects. */
import { nextWatch, resumeWatch, startWatch } from '#core/machines/login-watch';
import {
  type How,
  hostOf,
  type Saved,
  type WatchEffect,
  type WatchEvent,
  type WatchSettings,
  type WatchState,
} from '#core/machines/login-watch-states';
import type { Step, Untimed } from '#core/machines/step';
import type { Cause } from '#protocol/causes';
import { OFFLINE_PATH } from '#protocol/page';
import { type Driver, drive } from '#runtime/machine/drive';
import type { Clock } from '../clock.ts';
import { type Note, observe, type Raw, type Signal } from './navigation.ts';
import type { TabMemory } from './tab-memory.ts';

export interface WatchNeeds {
  readonly clock: Clock;
  readonly remembered: ReadonlyMap<number, TabMemory>;
  settings(): WatchSettings;
  /** origin of the Workspace that the URL belongs to, else null */
  workspaceOf(url: string): string | null;
  save(tabs: ReadonlyMap<number, TabMemory>): Promise<void>;
  /** wakes the worker at that time; null cancels it */
  alarm(tab: number, at: number | null): void;
  probe(tab: number, workspace: string): void;
  show(tab: number, how: How): void;
  close(tab: number): void;
  /** to the Workspace's start page, or to its offline mode */
  go(tab: number, url: string, to: 'start' | 'offline'): void;
  /** tabs being watched or prompting, after each change and after `resume` */
  onChange(states: ReadonlyMap<number, WatchState>): void;
  log(text: string): void;
}
export interface Watches {
  state(tab: number): WatchState;
  raw(tab: number, raw: Raw): void;
  event(tab: number, event: Untimed<WatchEvent>): void;
  /** what is saved on this device for a Workspace, for every tab that signs in to it */
  saved(workspace: string, saved: Exclude<Saved, 'unknown'>): void;
  /** a Workspace whose sign-in takes too long, and whether a window beside it asks; null: there is none */
  overdue(): Overdue | null;
  closed(tab: number): void;
  /** its window exists: a restarted worker does not ask again when a person closes it without choosing */
  shown(tab: number): void;
  /** after the worker was stopped: checks deadlines again, and opens windows that should be open */
  resume(): void;
}

export interface Overdue {
  readonly workspace: string;
  readonly asked: boolean;
}

interface Tab {
  note: Note | null;
  readonly watch: Driver<WatchState, WatchEvent>;
}

export function createWatches(needs: WatchNeeds): Watches {
  const tabs = new Map<number, Tab>();
  const { now } = needs.clock;

  const signsIn = (url: string): boolean => needs.workspaceOf(url) !== null && !url.endsWith(OFFLINE_PATH);
  const save = (): Promise<void> => needs.save(new Map([...tabs].map(([id, { note, watch }]) => [id, { note, watch: watch.state }])));
  const changed = (): void => {
    for (const [id, { note, watch }] of tabs) {
      if (watch.state.is === 'idle' && (note === null || !signsIn(note.url))) tabs.delete(id);
    }
    needs.onChange(new Map([...tabs].map(([id, { watch }]) => [id, watch.state])));
  };

  function open(id: number, note: Note | null, first: Step<WatchState, WatchEffect>): Tab {
    const watch = drive<WatchState, WatchEvent, WatchEffect>({
      first,
      next: (state, event) => nextWatch(state, event, needs.settings()),
      clock: needs.clock,
      due: (at) => ({ type: 'due', at }),
      stepped: (state, before, event) => {
        if (state.is !== before.is) needs.log(`tab ${id}: ${before.is} -> ${describe(state)} on ${event.type}`);
      },
      keep: {
        save: () => {
          changed();
          return save();
        },
        saveFailed: (error) => needs.log(`tab ${id} not saved: ${String(error)}`),
        alarm: (until) => needs.alarm(id, until ?? null),
      },
      effects: {
        probe: ({ workspace }) => needs.probe(id, workspace),
        show: ({ how }) => needs.show(id, how),
        close: () => needs.close(id),
        go: ({ workspace, to }) => needs.go(id, workspace + (to === 'offline' ? OFFLINE_PATH : '/'), to),
      },
      failed: (error, effect) => needs.log(`tab ${id}: ${effect.do}: ${String(error)}`),
    });
    const tab = { note, watch };
    tabs.set(id, tab);
    return tab;
  }

  const event = (id: number, happened: Untimed<WatchEvent>): void => {
    const { watch } = tabs.get(id) ?? open(id, null, startWatch());
    watch.tell({ ...happened, at: now() });
  };

  const toEvent = (signal: Signal): Untimed<WatchEvent> => {
    switch (signal.type) {
      case 'workspace': {
        const workspace = needs.workspaceOf(signal.url) ?? '';
        return { type: 'workspace', workspace, host: hostOf(workspace), navigation: signal.number, by: signal.by };
      }
      case 'hop':
        return { type: 'hop', host: hostIn(signal.url) };
      case 'left':
        return { type: 'left' };
      case 'failed':
        return { type: 'evidence', evidence: tabEvidence(signal.url, signal.cause, signal.status, now()) };
    }
  };

  return {
    state: (id) => (tabs.get(id)?.watch ?? startWatch()).state,
    raw(id, raw) {
      if (id < 0) return;
      const known = tabs.get(id);
      if (known === undefined && !signsIn(raw.url)) return;
      const { note, signal } = observe(known?.note ?? null, raw, signsIn);
      const tab = known ?? open(id, note, startWatch());
      tab.note = note;
      if (signal !== null) return event(id, toEvent(signal));
      changed();
      void save();
    },
    event,
    saved(workspace, saved) {
      for (const [id, { watch }] of tabs) {
        if (watch.state.is !== 'idle' && watch.state.workspace === workspace) event(id, { type: 'saved', saved });
      }
    },
    overdue() {
      const late = [...tabs.values()].flatMap(({ watch }) => overdueOf(watch.state) ?? []);
      return late[0] ?? null;
    },
    closed(id) {
      const tab = tabs.get(id);
      if (tab === undefined) return;
      tab.note = null;
      event(id, { type: 'left' });
    },
    shown(id) {
      if (tabs.has(id)) event(id, { type: 'shown' });
    },
    resume() {
      for (const [id, { note, watch }] of needs.remembered) open(id, note, resumeWatch(watch));
      changed();
    },
  };
}

function overdueOf(state: WatchState): Overdue | undefined {
  if (state.is === 'watching' && state.overdue) return { workspace: state.workspace, asked: false };
  return state.is === 'prompting' && state.reason.why === 'timeout' ? { workspace: state.workspace, asked: true } : undefined;
}

function hostIn(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '';
}

function tabEvidence(url: string, cause: Cause, status: number | undefined, at: number) {
  return { kind: 'tab' as const, host: hostIn(url), cause, at, ...(status === undefined ? {} : { status }) };
}

function describe(state: WatchState): string {
  return state.is === 'prompting' ? `prompting (${state.reason.why})` : state.is;
}
