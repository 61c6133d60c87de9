/** Builds the worker's world at its start, from what storage kept. */
import { wallClock as clock } from '../clock.ts';
import { openHost } from '../host/open-host.ts';
import { createLog } from '../log/log.ts';
import { setAlarm } from '../watch/alarm.ts';
import { createAwake } from '../watch/awake.ts';
import { probe } from '../watch/probe.ts';
import { createPrompts } from '../watch/prompts.ts';
import { scanTabs } from '../watch/scan.ts';
import { readTabs, writeTabs } from '../watch/tab-memory.ts';
import { createTrips } from '../watch/trips.ts';
import { createWatches } from '../watch/watches.ts';
import { self, tabs } from '../webext.ts';
import { createFacts } from '../workspaces/facts.ts';
import { createPortals } from '../workspaces/portals.ts';
import { loadWorkspaces } from '../workspaces/workspaces.ts';
import { keep, readKept } from './kept.ts';
import { ownProfile } from './profile.ts';
import { createToolbar } from './toolbar.ts';
import type { World } from './world.ts';

export async function buildWorld(): Promise<World> {
  const [kept, profile] = await Promise.all([readKept(), ownProfile()]);
  const log = createLog(clock.now, kept.log, keep.log);
  const trips = createTrips({ clock, go: tabs.go, log: log.write });
  const prompts = createPrompts(log.write);
  const portals = createPortals(kept.portals, keep.portals);
  const workspaces = await loadWorkspaces(() => {
    changed();
    void scan();
  });
  const host = openHost({
    clock,
    profile,
    kept: kept.host,
    keep: keep.host,
    portals,
    onHello: (hello) => void workspaces.fromHost(hello),
    askHost: (workspace) => void facts.askHost(workspace),
    onChange: () => changed(),
    log: log.write,
  });
  const facts = createFacts({
    clock,
    host,
    kept: kept.facts,
    save: keep.facts,
    onChange: () => changed(),
    onSaved: (workspace, valid) => watches.saved(workspace, valid > 0 ? 'something' : 'nothing'),
    onBack: (workspace) => portals.tell(workspace, { event: 'workspace', state: 'back' }),
    log: log.write,
  });
  const awake = createAwake({ clock, hold: host.hold, stayAwake: self.stayAwake });
  const watches = createWatches({
    clock,
    remembered: readTabs(kept.tabs),
    settings: workspaces.timeout,
    workspaceOf: workspaces.workspaceOf,
    save: (now) => keep.tabs(writeTabs(now)),
    alarm: setAlarm,
    probe: (tab, workspace) => void probe({ facts, portals, watches }, tab, workspace),
    show: prompts.show,
    close: prompts.close,
    go: (tab, url, to) => (to === 'offline' ? trips.toOffline(tab, url) : trips.toStart(tab, url)),
    onChange: (states) => {
      awake(states);
      toolbar();
    },
    log: log.write,
  });

  const listeners = new Set<() => void>();
  const toolbar = createToolbar({ portals, workspaces, host, facts, watches });
  const scan = () => scanTabs({ workspaces, portals, watches });
  const changed = (): void => {
    for (const call of listeners) call();
    toolbar();
  };
  const onChange = (call: () => void) => {
    listeners.add(call);
    return () => void listeners.delete(call);
  };

  log.write('worker started');
  watches.resume();
  changed();
  // Not awaited: the events that woke the worker are older than the tabs' current state, and come first.
  void scan();
  return { log, workspaces, host, facts, portals, watches, prompts, trips, changed, onChange };
}
