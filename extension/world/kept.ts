/** What the worker keeps across stops, each under a name of its own. */
import { storage } from '../webext.ts';

/** For the browser's session. */
const SESSION = { log: 'log', tabs: 'tabs', portals: 'portals', host: 'host' } as const;
/** On disk. The list of Workspaces, the policy and the timeout are read by `workspaces/workspaces.ts`. */
const FACTS = 'facts';

/** All of it is `unknown`: its owner parses it with a schema. */
export async function readKept() {
  const [log, tabs, portals, host, facts] = await Promise.all([
    storage.readSession(SESSION.log),
    storage.readSession(SESSION.tabs),
    storage.readSession(SESSION.portals),
    storage.readSession(SESSION.host),
    storage.readLocal(FACTS),
  ]);
  return { log, tabs, portals, host, facts };
}

export const keep = {
  log: (lines: unknown): void => void storage.writeSession(SESSION.log, lines),
  tabs: (tabs: unknown): Promise<void> => storage.writeSession(SESSION.tabs, tabs),
  portals: (portals: unknown): void => void storage.writeSession(SESSION.portals, portals),
  host: (trouble: unknown): void => void storage.writeSession(SESSION.host, trouble),
  facts: (facts: unknown): void => void storage.writeLocal(FACTS, facts),
};
