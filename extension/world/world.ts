/** Everything that listeners and handlers work with. */
import type { HostPort } from '../host/port.ts';
import type { Log } from '../log/log.ts';
import type { Prompts } from '../watch/prompts.ts';
import type { Trips } from '../watch/trips.ts';
import type { Watches } from '../watch/watches.ts';
import type { Facts } from '../workspaces/facts.ts';
import type { Portals } from '../workspaces/portals.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';

export interface World {
  readonly log: Log;
  readonly workspaces: Workspaces;
  readonly host: HostPort;
  readonly facts: Facts;
  readonly portals: Portals;
  readonly watches: Watches;
  readonly prompts: Prompts;
  readonly trips: Trips;
  /** The shown state may have changed. */
  changed(): void;
  /** The result stops the calls. */
  onChange(call: () => void): () => void;
}
