/** The extension-page tier: the popup and the prompt windows. Only pages of this extension get here. */
import { parse } from '#protocol/parse';
import { collectLogs } from '../log/collect.ts';
import { PageAction, type PopupMessage, type PromptMessage } from '../pages/messages.ts';
import { popupModel } from '../popup/model.ts';
import { promptModel } from '../prompt/model.ts';
import { type Port, self, tabs } from '../webext.ts';
import type { World } from '../world/world.ts';

export function isExtensionPage(port: Port): boolean {
  return port.sender?.id === self.id && (port.sender.url ?? '').startsWith(self.url(''));
}

/** The popup: shown at once with what is known, then each part is checked once, as soon as possible. */
export async function servePopup(port: Port, world: World): Promise<void> {
  const first = world.workspaces.workspaceOf(await tabs.currentUrl());
  const say = (message: PopupMessage): void => port.post(message);
  let looked = '';
  const tell = (): void => {
    const model = popupModel(world, first);
    say({ is: 'popup', model });
    const [workspace] = model.workspaces;
    const key = `${workspace?.url} ${model.host.state}`;
    if (workspace === undefined || key === looked) return;
    looked = key;
    void world.facts.look(workspace.url);
    if (model.host.state === 'ready') void world.facts.askHost(workspace.url);
  };
  const release = world.host.hold();
  const forget = world.onChange(tell);
  port.onClose(() => {
    forget();
    release();
  });
  port.onMessage((message) => void popupAction(message, say, world));
  tell();
  await world.host.look();
}

async function popupAction(message: unknown, say: (message: PopupMessage) => void, world: World): Promise<void> {
  const action = parse(PageAction, message);
  switch (action.do) {
    case 'set-timeout':
      if (!world.workspaces.timeout().locked) await world.workspaces.setTimeout(action.timeout);
      return;
    case 'go-to-workspace': {
      const workspace = world.workspaces.workspaceOf(action.workspace);
      const tab = workspace === null ? undefined : await tabs.create(`${workspace}/`);
      if (workspace !== null && tab !== undefined) world.watches.event(tab, { type: 'asked', workspace });
      return;
    }
    case 'logs':
      return say({ is: 'logs', text: await collectLogs(world.log, world.host, []) });
    case 'choose':
    case 'look':
      return;
  }
}

/** The prompt window of one tab. It closes when that tab no longer prompts. */
export async function servePrompt(port: Port, tab: number, world: World): Promise<void> {
  const watch = world.watches.state(tab);
  if (watch.is !== 'prompting') return world.prompts.close(tab);
  world.watches.shown(tab);
  const release = world.host.hold();
  let back = false;
  const tell = (): void => {
    const model = promptModel(world, tab, back);
    if (model !== null) port.post({ is: 'prompt', model } satisfies PromptMessage);
  };
  const forget = world.onChange(tell);
  port.onClose(() => {
    forget();
    release();
    // The person closed it; where the watch has closed it, this says nothing new.
    world.watches.event(tab, { type: 'choice', choice: 'keep' });
  });
  port.onMessage((message) => {
    const action = parse(PageAction, message);
    if (action.do === 'choose') world.watches.event(tab, { type: 'choice', choice: action.choice });
    if (action.do === 'look') {
      void world.facts.look(watch.workspace).then((verdict) => {
        back = verdict.up && verdict.identity !== 'down';
        tell();
      });
    }
  });
  tell();
  await world.facts.askHost(watch.workspace);
}
