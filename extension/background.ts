/** The extension's worker. Wiring only: every listener is registered here at once and waits for one promise. */
import { isExtensionPage, servePopup, servePrompt } from './handlers/extension-page.ts';
import { pageSender, servePage } from './handlers/page.ts';
import { serveStranger, strangerSender } from './handlers/stranger.ts';
import { tabOfAlarm } from './watch/alarm.ts';
import { contentBridge, listen, type Port } from './webext.ts';
import { buildWorld } from './world/build-world.ts';
import type { World } from './world/world.ts';

const ready = buildWorld();

listen({
  onNavigation: (tab, raw) =>
    void ready.then((world) => {
      world.trips.raw(tab, raw);
      world.watches.raw(tab, raw);
      if (raw.kind === 'committed') leavePortal(tab, world);
    }),
  onTabClosed: (tab) =>
    void ready.then((world) => {
      world.trips.closed(tab);
      world.watches.closed(tab);
      world.prompts.close(tab);
      leavePortal(tab, world);
    }),
  onCall: (tab) => void ready.then(() => contentBridge.inject(tab)).catch(() => undefined),
  onConnect: (port) => void ready.then((world) => serve(port, world)),
  onAlarm: (name) =>
    void ready.then((world) => {
      const tab = tabOfAlarm(name);
      if (tab !== null) world.watches.event(tab, { type: 'due' });
    }),
  onPolicyChanged: () => void ready.then((world) => world.workspaces.policyChanged()),
  onStart: () =>
    void ready.then(async (world) => {
      await world.workspaces.begin().catch((error: unknown) => world.log.write(`content bridge: ${String(error)}`));
      const release = world.host.hold();
      await world.host.look();
      release();
    }),
});

function leavePortal(tab: number, world: World): void {
  if (world.portals.left(tab)) world.changed();
}

function serve(port: Port, world: World): void {
  if (isExtensionPage(port)) {
    if (port.name === 'popup') void servePopup(port, world);
    if (port.name.startsWith('prompt:')) void servePrompt(port, Number(port.name.slice(7)), world);
    return;
  }
  const sender = pageSender(port, world);
  const unknown = strangerSender(port);
  if (port.name !== 'page') port.close();
  else if (sender !== null) servePage(port, sender, world);
  else if (unknown !== null) serveStranger(port, unknown, world);
  else port.close();
}
