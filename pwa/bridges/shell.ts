/** The only door to the service worker: registers it, and lets a new version in only when nobody is in need of the old one. */
import { Workbox } from 'workbox-window';

/** `mayChange`: online, and the page is not being looked at. */
export function keepShell(mayChange: () => boolean): void {
  if (!('serviceWorker' in navigator)) return;
  const shell = new Workbox('/sw.js');
  const letIn = (): void => {
    if (mayChange()) shell.messageSkipWaiting();
  };
  shell.addEventListener('waiting', () => {
    letIn();
    document.addEventListener('visibilitychange', letIn);
  });
  // Where the browser refuses (a private window, a full disk), the portal works without an outage's help.
  shell.register().catch(() => undefined);
}
