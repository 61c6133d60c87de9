/** Which administration a command means: named in full, or that of a running `up`. The token is never an argument. */
import { HoldfastError } from '#protocol/errors';
import type { AdminServer } from '../../admin-client.ts';
import { ROOT_OF_TRUST } from '../../root-admin.ts';
import { readToken } from '../../standard-input.ts';
import { readPins } from '../../up/ceremony.ts';
import { readRun } from '../../up/data-dir.ts';
import { componentNamed, urlOf } from '../../up/plan.ts';
import { readSecrets } from '../../up/secrets.ts';
import { DEFAULT_DATA } from '../up.ts';

export interface ServerFlags {
  readonly url?: string;
  readonly tlsPin?: string;
  /** `-`: standard input */
  readonly tokenFile?: string;
  readonly data?: string;
  readonly json?: boolean;
}

const TOKEN_ENV = 'HOLDFAST_ADMIN_TOKEN';

/** The server that the options name; `undefined` when they name none. Throws `bad_request` when they name half of one. */
export async function serverByOptions(name: string, { url, tlsPin, tokenFile }: ServerFlags): Promise<AdminServer | undefined> {
  if (url === undefined && tlsPin === undefined && tokenFile === undefined) return undefined;
  if (url === undefined || tlsPin === undefined) {
    throw new HoldfastError('bad_request', { reason: 'half-server', name });
  }
  return { name, url, tlsPin, token: await adminToken(tokenFile) };
}

/** From a file, from standard input, or from the environment. */
async function adminToken(file: string | undefined): Promise<string> {
  const token = file === undefined ? (process.env[TOKEN_ENV] ?? '').trim() : await readToken(file);
  if (token !== '') return token;
  throw new HoldfastError('bad_request', { reason: 'no-admin-token', name: TOKEN_ENV });
}

/** The root of trust; `rootPin` is known of a running `up` only. */
export async function rootOfTrust(flags: ServerFlags): Promise<AdminServer & { readonly rootPin?: string }> {
  const named = await serverByOptions(ROOT_OF_TRUST, flags);
  if (named !== undefined) return named;
  const { data = DEFAULT_DATA } = flags;
  const run = readRun(data);
  const pins = await readPins(data);
  const secrets = await readSecrets(data);
  if (run === undefined || pins === undefined || secrets === undefined) {
    throw new HoldfastError('bad_request', { reason: 'no-root' });
  }
  return { name: ROOT_OF_TRUST, url: urlOf(componentNamed('root-of-trust'), run.portBase), ...pins, token: secrets.adminToken };
}
