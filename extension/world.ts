/** The worker's world, read back from storage: everything listeners wait for before they do anything. */

import * as v from 'valibot';
import type { WatchState } from '#core/machines/login-watch';
import { type HostEvent, NATIVE_HOST_NAME } from '#protocol/host';
import { wallClock } from './clock.ts';
import { hostMessage } from './handlers/page.ts';
import { createHostPort, type HostPort, type HostReply, HostTroubleKept } from './host/port.ts';
import { createLog, type Log, mergeLogs } from './logs.ts';
import { toolbarModel } from './models.ts';
import { createPrompts, type Prompts } from './watch/prompts.ts';
import { readTabs, writeTabs } from './watch/tab-memory.ts';
import { createTrips, type Trips } from './watch/trips.ts';
import { createWatches, type Watches } from './watch/watches.ts';
import { alarms, openNative, self, storage, tabs, toolbarButton } from './webext.ts';
import { createFacts, type Facts } from './workspaces/facts.ts';
import { loadWorkspaces, type Workspaces } from './workspaces/known.ts';
import { createPortals, type Portals } from './workspaces/portals.ts';

export interface World {
  readonly log: Log;
  readonly workspaces: Workspaces;
  readonly host: HostPort;
  readonly facts: Facts;
  readonly portals: Portals;
  readonly watches: Watches;
  readonly prompts: Prompts;
  readonly trips: Trips;
  /** Something shown may have changed. */
  changed(): void;
  onChange(call: () => void): () => void;
  /** Starts to watch tabs that were already on their way to a Workspace. */
  scan(): Promise<void>;
  /** One text of the extension's, the host's and these lines. */
  allLogs(pageLines: readonly string[]): Promise<string>;
}

export const ALARM = 'watch:';
/** An idle worker is stopped after 30 s; any call in between keeps it. */
const AWAKE_EVERY = 20_000;
/** Pages of the host's log in one file; each is at most one native message of 256 KiB. */
const LOG_PAGES = 20;

export async function makeReady(): Promise<World> {
  const clock = wallClock;
  const [logged, tabsKept, said, factsKept, troubleKept] = await Promise.all([
    storage.readSession('log'),
    storage.readSession('tabs'),
    storage.readSession('portals'),
    storage.readLocal('facts'),
    storage.readSession('host'),
  ]);
  const log = createLog(
    clock.now,
    v.parse(v.fallback(v.array(v.string()), []), logged),
    (lines) => void storage.writeSession('log', lines),
  );
  const trips = createTrips({ clock, go: tabs.go, log: log.write });
  const listeners = new Set<() => void>();
  let shown = '';
  let forgetAwake: (() => void) | null = null;
  let releaseHost = (): void => {};

  const world: World = {
    log,
    workspaces: await loadWorkspaces(() => {
      changed();
      void world.scan();
    }),
    host: createHostPort({
      extension: self.id,
      clock,
      before: v.is(HostTroubleKept, troubleKept) ? troubleKept : { state: 'closed' },
      open: (onMessage, onClose) => openNative(NATIVE_HOST_NAME, onMessage, onClose),
      onState: hostChanged,
      onHello: (hello) => void world.workspaces.fromHost(hello),
      onEvent: hostEvent,
      log: log.write,
    }),
    get facts() {
      return facts;
    },
    portals: createPortals(said, (now) => void storage.writeSession('portals', now)),
    get watches() {
      return watches;
    },
    prompts: createPrompts(log.write),
    trips,
    changed,
    onChange(call) {
      listeners.add(call);
      return () => listeners.delete(call);
    },
    async scan() {
      for (const tab of await tabs.all()) {
        const onItsWay = tab.loading && world.workspaces.workspaceOf(tab.url) !== null && watches.state(tab.id).phase === 'idle';
        if (onItsWay && !world.portals.isThere(tab.id)) watches.raw(tab.id, { kind: 'found', url: tab.url });
      }
    },
    async allLogs(pageLines) {
      const host = await hostLines(world);
      return mergeLogs([log.lines(), host, pageLines]);
    },
  };
  const facts = createFacts({
    clock,
    host: world.host,
    kept: factsKept,
    save: (kept) => void storage.writeLocal('facts', kept),
    onChange: changed,
    onBack: (workspace) => world.portals.tell(workspace, { event: 'workspace', state: 'back' }),
    log: log.write,
  });
  const watches = createWatches({
    clock,
    remembered: readTabs(tabsKept),
    settings: world.workspaces.timeout,
    workspaceOf: world.workspaces.workspaceOf,
    save: (now) => storage.writeSession('tabs', writeTabs(now)),
    alarm: (tab, at) => (at === null ? alarms.clear(ALARM + tab) : alarms.set(ALARM + tab, at)),
    probe: (tab, workspace) => void probeFor(world, tab, workspace),
    show: world.prompts.show,
    close: world.prompts.close,
    go: (tab, url, to) => (to === 'offline' ? trips.toOffline(tab, url) : trips.toStart(tab, url)),
    onChange: watchesChanged,
    log: log.write,
  });

  function changed(): void {
    for (const call of listeners) call();
    const { icon, words } = toolbarModel(world);
    if (shown === icon + words) return;
    shown = icon + words;
    void toolbarButton.show(icon, words);
  }

  function hostChanged(): void {
    const told = hostMessage(world);
    void storage.writeSession('host', told?.error === undefined ? null : world.host.state());
    if (told !== null) world.portals.tell(null, told);
    if (told?.state === 'ready') for (const { workspace } of world.portals.all()) void facts.askHost(workspace);
    changed();
  }

  function hostEvent(event: HostEvent): void {
    world.portals.tell(event.workspace, event);
    if (event.event === 'sync' && event.status.state !== 'running') void facts.askHost(event.workspace);
  }

  /** While a tab is watched the host's port is open and the worker stays awake, so that timers hold (B-E13). */
  function watchesChanged(states: ReadonlyMap<number, WatchState>): void {
    const watching = [...states.values()].some((state) => state.phase === 'watching');
    if (watching && forgetAwake === null) {
      releaseHost = world.host.hold();
      stayAwake();
    }
    if (!watching) {
      releaseHost();
      forgetAwake?.();
      forgetAwake = null;
    }
  }

  function stayAwake(): void {
    self.stayAwake();
    forgetAwake = clock.after(AWAKE_EVERY, stayAwake);
  }

  log.write('worker started');
  watches.resume();
  changed();
  // Not awaited: the events that woke the worker are older than what the tabs show now, and are told first.
  void world.scan();
  return world;
}

/** Looks at the Workspace beside the tab's own navigation, and at what the host has saved. */
async function probeFor(world: World, tab: number, workspace: string): Promise<void> {
  void world.facts.askHost(workspace);
  const verdict = await world.facts.look(workspace);
  const host = workspace.replace(/^[a-z]+:\/\//u, '');
  const at = Date.now();
  if (!verdict.up) {
    const { cause, status } = verdict;
    world.portals.tell(workspace, { event: 'workspace', state: 'outage', cause });
    world.watches.event(tab, {
      type: 'evidence',
      evidence: { kind: 'silent', host, cause, at, ...(status === undefined ? {} : { status }) },
    });
  } else if (verdict.identity === 'down') {
    world.watches.event(tab, { type: 'evidence', evidence: { kind: 'identity', host, cause: 'unreachable', at } });
  }
}

/** The host's lines, oldest first; it gives the newest page first. */
async function hostLines(world: World): Promise<readonly string[]> {
  let lines: readonly string[] = [];
  try {
    for (let offset: number | undefined = 0, page = 0; offset !== undefined && page < LOG_PAGES; page += 1) {
      const reply: HostReply<'logs'> = await world.host.request('logs', { offset });
      lines = [...reply.lines, ...lines];
      offset = reply.next;
    }
  } catch (error) {
    world.log.write(`host logs: ${String(error)}`);
  }
  return lines;
}
