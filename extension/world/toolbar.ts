/** The toolbar button shows the state of Workspace and host (B-E7). */
import { toolbar } from '../toolbar.ts';
import { toolbarButton } from '../webext.ts';
import type { World } from './world.ts';

type Known = Pick<World, 'portals' | 'workspaces' | 'host' | 'facts' | 'watches'>;

/** The result updates the button; the browser is called on changes only. */
export function createToolbar(known: Known): () => void {
  let shown = '';
  return () => {
    const { icon, words, badge = '' } = toolbarModel(known);
    if (shown === icon + words) return;
    shown = icon + words;
    void toolbarButton.show(icon, words, badge);
  };
}

function toolbarModel({ portals, workspaces, host, facts, watches }: Known): ReturnType<typeof toolbar> {
  const open = portals.all();
  const { state } = host.state();
  const workspace = open[0]?.workspace ?? workspaces.all()[0]?.url;
  const saved = workspace === undefined ? null : facts.saved(workspace);
  const overdue = watches.overdue();
  return toolbar({
    portals: open.map((one) => ({ name: workspaces.nameOf(one.workspace), offline: one.report === 'offline' })),
    host: state === 'closed' || state === 'connecting' ? 'looking' : state,
    saved,
    overdue: overdue === null ? null : { name: workspaces.nameOf(overdue.workspace), asked: overdue.asked },
  });
}
