/** Runs the login watch of every tab: browser events in, the machine's effects out, each state saved before its effects. */
import { hostOf, next, START, type WatchEffect, type WatchEvent, type WatchSettings, type WatchState } from '#core/machines/login-watch';
import type { Cause } from '#protocol/causes';
import { OFFLINE_PATH } from '#protocol/page';
import type { Clock } from '../clock.ts';
import { observe, type Raw, type Signal } from './navigation.ts';
import type { TabMemory } from './tab-memory.ts';

export interface WatchNeeds {
  readonly clock: Clock;
  readonly remembered: Map<number, TabMemory>;
  settings(): WatchSettings;
  /** origin of the Workspace that the URL belongs to, else null */
  workspaceOf(url: string): string | null;
  save(tabs: ReadonlyMap<number, TabMemory>): Promise<void>;
  /** wakes the worker at that time; null cancels it */
  alarm(tab: number, at: number | null): void;
  probe(tab: number, workspace: string): void;
  show(tab: number): void;
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
  event(tab: number, event: WatchEvent): void;
  closed(tab: number): void;
  /** its window exists: a restarted worker does not ask again when a person closes it without choosing */
  shown(tab: number): void;
  /** after the worker was stopped: checks deadlines again, and opens windows that should be open */
  resume(): void;
}

const NOTHING: TabMemory = { note: null, watch: START, shown: false };

export function createWatches(needs: WatchNeeds): Watches {
  const tabs = needs.remembered;
  const timers = new Map<number, () => void>();

  const signsIn = (url: string): boolean => needs.workspaceOf(url) !== null && !url.endsWith(OFFLINE_PATH);

  function keep(tab: number, memory: TabMemory): void {
    if (memory.watch.phase === 'idle' && (memory.note === null || !signsIn(memory.note.url))) tabs.delete(tab);
    else tabs.set(tab, memory);
  }

  function event(tab: number, happened: WatchEvent): void {
    const memory = tabs.get(tab) ?? NOTHING;
    const { state, effects } = next(memory.watch, happened, needs.settings());
    if (state !== memory.watch) {
      keep(tab, { ...memory, watch: state, shown: memory.shown && !effects.some((effect) => effect.do === 'show') });
      if (state.phase !== memory.watch.phase) needs.log(`tab ${tab}: ${memory.watch.phase} -> ${describe(state)} on ${happened.type}`);
    }
    const saved = needs.save(tabs);
    for (const effect of effects) carryOut(tab, effect, saved);
    tell();
  }

  function tell(): void {
    needs.onChange(new Map([...tabs].map(([id, one]) => [id, one.watch])));
  }

  function carryOut(tab: number, effect: WatchEffect, saved: Promise<void>): void {
    switch (effect.do) {
      case 'alarm':
        arm(tab, effect.at);
        break;
      case 'probe':
        needs.probe(tab, effect.workspace);
        break;
      case 'show':
        void saved.then(() => needs.show(tab));
        break;
      case 'close':
        needs.close(tab);
        break;
      case 'go':
        void saved.then(() => needs.go(tab, effect.workspace + (effect.to === 'offline' ? OFFLINE_PATH : '/'), effect.to));
        break;
    }
  }

  function arm(tab: number, at: number | null): void {
    timers.get(tab)?.();
    timers.delete(tab);
    needs.alarm(tab, at);
    if (at === null) return;
    const wait = Math.max(0, at - needs.clock.now());
    timers.set(
      tab,
      needs.clock.after(wait, () => event(tab, { type: 'tick', now: needs.clock.now() })),
    );
  }

  function toEvent(signal: Signal): WatchEvent {
    switch (signal.type) {
      case 'workspace': {
        const workspace = needs.workspaceOf(signal.url) ?? '';
        return { type: 'workspace', now: needs.clock.now(), workspace, host: hostOf(workspace), navigation: signal.number, by: signal.by };
      }
      case 'hop':
        return { type: 'hop', host: hostIn(signal.url) };
      case 'left':
        return { type: 'left' };
      case 'failed':
        return { type: 'evidence', evidence: tabEvidence(signal.url, signal.cause, signal.status, needs.clock.now()) };
    }
  }

  return {
    state: (tab) => tabs.get(tab)?.watch ?? START,
    raw(tab, raw) {
      if (tab < 0) return;
      const memory = tabs.get(tab) ?? NOTHING;
      if (memory === NOTHING && !signsIn(raw.url)) return;
      const { note, signal } = observe(memory.note, raw, signsIn);
      keep(tab, { ...memory, note });
      if (signal === null) void needs.save(tabs);
      else event(tab, toEvent(signal));
    },
    event,
    closed(tab) {
      if (!tabs.has(tab)) return;
      event(tab, { type: 'left' });
      tabs.delete(tab);
      void needs.save(tabs);
    },
    shown(tab) {
      const memory = tabs.get(tab);
      if (memory === undefined) return;
      tabs.set(tab, { ...memory, shown: true });
      void needs.save(tabs);
    },
    resume() {
      for (const [tab, { watch, shown }] of tabs) {
        if (watch.phase === 'watching' && watch.deadline !== null) arm(tab, watch.deadline);
        if (watch.phase === 'prompting' && !shown) needs.show(tab);
      }
      tell();
    },
  };
}

function hostIn(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '';
}

function tabEvidence(url: string, cause: Cause, status: number | undefined, at: number) {
  return { kind: 'tab' as const, host: hostIn(url), cause, at, ...(status === undefined ? {} : { status }) };
}

function describe(state: WatchState): string {
  return state.phase === 'prompting' ? `prompting (${state.reason.why})` : state.phase;
}
