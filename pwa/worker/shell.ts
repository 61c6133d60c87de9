import { PrecacheController } from 'workbox-precaching';
import { workspaceResponsesOnly } from './workspace-responses.ts';

/** Injected by the build: the URLs of the shell, and a name for exactly this set of files. */
export interface Shell {
  readonly version: string;
  readonly urls: readonly string[];
}

const CACHES = 'holdfast-shell-';

/** One cache per version, with the files under their plain URLs, so that static routes find them too. */
export function shellCacheOf({ version }: Shell): string {
  return `${CACHES}${version}`;
}

/** Fetches the shell, all or nothing, when the worker installs, and deletes older ones when it activates. */
export function keepShell(scope: ServiceWorkerGlobalScope, shell: Shell): PrecacheController {
  const cacheName = shellCacheOf(shell);
  const kept = new PrecacheController({ cacheName, plugins: [workspaceResponsesOnly()] });
  kept.addToCacheList(shell.urls.map((url) => ({ url, revision: null })));
  scope.addEventListener('install', (event) => void kept.install(event));
  scope.addEventListener('activate', (event) => event.waitUntil(dropOthers(scope.caches, cacheName)));
  return kept;
}

async function dropOthers(caches: CacheStorage, current: string): Promise<void> {
  const older = (await caches.keys()).filter((name) => name.startsWith(CACHES) && name !== current);
  await Promise.all(older.map((name) => caches.delete(name)));
}
