/** `holdfast serve <service> --config FILE`: one service as this process. */

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HoldfastError } from '#protocol/errors';
import { PROJECT_DIR } from '../project-dir.ts';
import { CONFIG_SCHEMAS } from '../up/component-configs.ts';

/** The service's own entry reads the configuration from the arguments and runs until it is told to end. */
export async function serve(service: string, { config }: { readonly config: string }): Promise<void> {
  const known = Object.keys(CONFIG_SCHEMAS);
  if (!known.includes(service)) throw new HoldfastError('not_found', { reason: 'service', name: service, known: known.join(', ') });
  const main = join(PROJECT_DIR, 'services', service, 'main.ts');
  process.argv = [process.execPath, main, '--config', config];
  await import(pathToFileURL(main).href);
}
