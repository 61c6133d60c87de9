/** The only door to the service worker: registers it, and activates a new version only when nobody needs the old one. */
import { Workbox } from 'workbox-window';

const WORKER = '/sw.js';

type Address = ConstructorParameters<typeof Workbox>[0];
/** TypeScript's library does not know Trusted Types yet, and not every browser does. */
interface WithTrustedTypes {
  readonly trustedTypes?: {
    createPolicy(name: string, rules: { createScriptURL(): string }): { createScriptURL(text: string): Address };
  };
}

/** The page runs under Trusted Types: the one script address that it makes is this one (`lit-html` has the other policy). */
function workerAddress(): Address {
  const page: Window & WithTrustedTypes = window;
  const policy = page.trustedTypes?.createPolicy('holdfast-worker', { createScriptURL: () => WORKER });
  return policy?.createScriptURL(WORKER) ?? WORKER;
}

/** `mayChange`: online, and the page is hidden. */
export function keepShell(mayChange: () => boolean): void {
  if (!('serviceWorker' in navigator)) return;
  const shell = new Workbox(workerAddress());
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
