/** The page's door to the worker that keeps the lists, and is a witness beside the page. */
import * as v from 'valibot';
import { REFRESH_TAG, ToPage, type ToWorker } from './worker-protocol.ts';

/** Our own figure (ADR 10): a list of the morning is replaced by noon. The browser may take longer. Milliseconds. */
const REFRESH_EVERY_MS = 4 * 3_600_000;

export interface FeedWorker {
  /** whether this page's requests go through it */
  readonly answers: () => boolean;
  /** Has every list fetched and kept, as soon as there is a worker. */
  refresh(): void;
  /** The worker asks the Workspace by itself. False where there is none, or nothing comes. */
  readonly hearsWorkspace: () => Promise<boolean>;
}

export function openFeedWorker(take: (said: ToPage) => void): FeedWorker {
  const workers = 'serviceWorker' in navigator ? navigator.serviceWorker : undefined;
  workers?.addEventListener('message', ({ data }) => {
    const said = v.safeParse(ToPage, data);
    if (said.success) take(said.output);
  });
  // Messages wait for this when the listener is not the `onmessage` property.
  workers?.startMessages();
  void workers?.ready.then(refreshOften).catch(() => undefined);
  return {
    answers: () => workers?.controller !== null && workers !== undefined,
    hearsWorkspace: async () => {
      const worker = workers?.controller;
      if (worker == null) return false;
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => resolve(data === true);
      worker.postMessage({ type: 'WITNESS' } satisfies ToWorker, [port2]);
      return promise;
    },
    refresh: () => void workers?.ready.then(({ active }) => active?.postMessage({ type: 'REFRESH' } satisfies ToWorker)),
  };
}

/** Only where the browser has allowed it already: nobody is asked. */
async function refreshOften(registration: ServiceWorkerRegistration): Promise<void> {
  if (!hasPeriodicSync(registration)) return;
  // The type library does not know this permission's name.
  const name: string = 'periodic-background-sync';
  const { state } = await navigator.permissions.query({ name: name as PermissionName });
  if (state === 'granted') await registration.periodicSync.register(REFRESH_TAG, { minInterval: REFRESH_EVERY_MS });
}

/** Not in the type library. */
interface PeriodicSync {
  register(tag: string, wanted: { readonly minInterval: number }): Promise<void>;
}

function hasPeriodicSync(
  registration: ServiceWorkerRegistration,
): registration is ServiceWorkerRegistration & { readonly periodicSync: PeriodicSync } {
  return 'periodicSync' in registration;
}
