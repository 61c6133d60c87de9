/** A broker in the test's own process, enrolled, with administrators and a database of its own. */
import type { BrokerConfig } from '#protocol/service-config';
import type { RunningService } from '#runtime/service/run';
import type { Endings } from '../../cli/up/endings.ts';
import { start } from '../../services/broker/broker.ts';
import { testDatabase } from './database.ts';
import { base, startHere, type TestRoot } from './service-in-process.ts';
import { ADMIN_TOKENS } from './site-admin.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface TestBroker {
  readonly running: RunningService;
  readonly config: BrokerConfig;
  /** Another instance with the same configuration, database and folder. */
  again(): Promise<RunningService>;
}

/** It has no site document yet. */
export async function startBroker(t: Endings, root: TestRoot, change: Partial<BrokerConfig> = {}): Promise<TestBroker> {
  const config = {
    ...base('broker', await temporaryFolder(t)),
    rootOfTrust: root.ref,
    join: { value: await root.joinToken('broker', 'broker') },
    database: await testDatabase(t),
    adminTokens: ADMIN_TOKENS,
    ...change,
  };
  const again = () => startHere(t, start, config);
  return { running: await again(), config, again };
}
