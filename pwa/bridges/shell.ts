/** Follows the service worker's versions: a new one is activated only when nobody needs the old one. */
import { Workbox } from 'workbox-window';
import type { WorkerAddress } from './shell-worker.ts';

/** `mayChange`: online, and the page is hidden. */
export function keepShell(address: WorkerAddress, mayChange: () => boolean): void {
  if (!('serviceWorker' in navigator)) return;
  const shell = new Workbox(address);
  const letIn = (): void => {
    if (mayChange()) shell.messageSkipWaiting();
  };
  shell.addEventListener('waiting', () => {
    letIn();
    document.addEventListener('visibilitychange', letIn);
  });
  shell.register().catch(() => undefined);
}
