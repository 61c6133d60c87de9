/** The only door to the service worker: registers it, and activates a new version only when nobody needs the old one. */
import { Workbox } from 'workbox-window';

/** `mayChange`: online, and the page is hidden. */
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
  // Where the browser refuses (a private window, a full disk), the portal works, but not in an outage.
  shell.register().catch(() => undefined);
}
