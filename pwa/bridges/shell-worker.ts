/** Registers the service worker, before the page can leave for the sign-in: what follows of it comes with the second script. */
const WORKER = '/sw.js';

/** A trusted address where the browser has such; TypeScript's library does not know them yet and wants a string. */
export type WorkerAddress = string;

interface WithTrustedTypes {
  readonly trustedTypes?: {
    createPolicy(name: string, rules: { createScriptURL(): string }): { createScriptURL(text: string): WorkerAddress };
  };
}

/** The page runs under Trusted Types: the one script address that it makes is this one (`lit-html` has the other policy). */
function workerAddress(): WorkerAddress {
  const page: Window & WithTrustedTypes = window;
  const policy = page.trustedTypes?.createPolicy('holdfast-worker', { createScriptURL: () => WORKER });
  return policy?.createScriptURL(WORKER) ?? WORKER;
}

/** The address, for whoever follows the worker's versions. */
export function registerShell(): WorkerAddress {
  const address = workerAddress();
  // Where the browser refuses (a private window, a full disk), the portal works, but not in an outage.
  if ('serviceWorker' in navigator) navigator.serviceWorker.register(address).catch(() => undefined);
  return address;
}
