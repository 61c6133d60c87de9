/** What worker and extension say unasked, and to whom it goes. */
import type { PageEvent } from '../bridges/extension.ts';
import type { ToPage } from '../bridges/worker-protocol.ts';
import type { Connectivity } from './connectivity.ts';
import type { AppContext } from './context.ts';
import type { Feeds } from './feeds.ts';
import type { Launches } from './launches.ts';
import type { Losses } from './losses.ts';
import { isByChoice } from './model.ts';
import type { Host } from './native-host.ts';

export interface NewsDrivers {
  readonly feeds: Feeds;
  readonly connectivity: Connectivity;
  readonly host: Host;
  readonly launching: Launches;
  readonly losses: Pick<Losses, 'ended'>;
}

export interface News {
  take(event: PageEvent): void;
  takeWorker(said: ToPage): void;
}

export function passOnNews(
  { model, clock, worker, log }: Pick<AppContext, 'model' | 'clock' | 'worker' | 'log'>,
  { feeds, connectivity, host, launching, losses }: NewsDrivers,
): News {
  const ofWorkspace = (event: Extract<PageEvent, { event: 'workspace' }>): void => {
    const at = clock.now();
    log.say(`extension: ${event.state}${event.cause === undefined ? '' : ` ${event.cause}`}`);
    switch (event.state) {
      case 'work-offline':
        connectivity.tell({ type: 'workOffline', at });
        return;
      case 'outage':
        connectivity.tell({ type: 'outage', at, cause: event.cause ?? 'network', chance: clock.chance() });
        return;
      case 'back':
        if (!isByChoice(model.state)) worker.refresh();
        connectivity.tell({ type: 'back', at });
        if (model.state.portal.is === 'degraded') feeds.tell({ type: 'back', at });
        return;
    }
  };
  return {
    take: (event) => {
      if (event.event === 'workspace') return ofWorkspace(event);
      if (event.event !== 'host' && event.workspace !== location.origin) return;
      if (event.event === 'launch') {
        losses.ended(event);
        launching.take(event);
      } else host.take(event);
    },
    takeWorker: (said) => {
      if (said.type === 'document') {
        // What is on the screen in an outage changes when the person reconnects.
        if (model.state.portal.is !== 'offline') feeds.take(said.document);
      } else if (said.saved === model.state.unsaved) {
        log.say(`feed copies: ${said.saved ? 'kept again' : 'the storage is full'}`);
        model.set({ unsaved: !said.saved });
      }
    },
  };
}
