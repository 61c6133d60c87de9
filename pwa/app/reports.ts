/** Keeps the extension informed how the portal stands: it ends the login watch, and is in icon and popup. */
import { shownOf } from '#core/machines/feed';
import type { AppContext } from './context.ts';
import type { AppState } from './model.ts';

/** The result reports at once: the extension has just come. */
export function driveReports({ model, extension, log }: Pick<AppContext, 'model' | 'extension' | 'log'>): () => void {
  const report = ({ portal, known, feeds }: AppState): void => {
    if (!extension.present || portal.is === 'starting') return;
    const resources = listed(feeds);
    const name = known?.workspace.name;
    const body = { state: portal.is, ...(name !== undefined && { workspaceName: name }), ...(resources > 0 && { resources }) };
    extension.ask('portalState', body).catch(() => log.say('the extension did not accept the portal state'));
  };
  model.subscribe((now, before) => {
    const longer = now.feeds !== before.feeds && listed(now.feeds) !== listed(before.feeds);
    const hostIsBack = now.host.path === 'ready' && before.host.path !== 'ready';
    if (now.portal.is !== before.portal.is || longer) report(now);
    if (hostIsBack) report(now);
  });
  return () => report(model.state);
}

/** How many resources the lists have. */
function listed(feeds: AppState['feeds']): number {
  return [...feeds.values()].reduce((sum, feed) => sum + (shownOf(feed)?.resources.length ?? 0), 0);
}
