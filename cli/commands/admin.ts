/** `holdfast admin ...`: the root of trust's administration from the command line. */
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { BlockId, BlockList } from '#protocol/cloud-api';
import { HoldfastError } from '#protocol/errors';
import { parse, parseJson } from '#protocol/parse';
import { RevokedTarget, Role } from '#protocol/trust';
import { hashPassword } from '../password-hash.ts';
import { readRun } from '../up/data-dir.ts';
import { askAdmin, joinToken } from '../up/enrol.ts';
import { readPins } from '../up/founding.ts';
import { COMPONENTS, urlOf } from '../up/plan.ts';
import { numberOption } from './number-option.ts';
import { DEFAULT_DATA } from './up.ts';

/** Where the root of trust is: named in full, or found in the data folder of a running `up`. */
export interface RootFlags {
  readonly url?: string;
  readonly tlsPin?: string;
  readonly tokenFile?: string;
  readonly data?: string;
  readonly json?: boolean;
}

interface RootAccess {
  readonly url: string;
  readonly tlsPin: string;
  readonly rootPin: string | undefined;
  readonly token: string;
}

export async function makeJoinToken(flags: RootFlags & { role: string; id: string; location?: string }): Promise<void> {
  const root = await accessTo(flags);
  const role = parse(Role, flags.role);
  const token = await joinToken(root, root.token, { role, id: flags.id, ...(flags.location && { location: flags.location }) });
  const said = { joinToken: token, rootOfTrust: { url: root.url, tlsPin: root.tlsPin, ...(root.rootPin && { rootPin: root.rootPin }) } };
  if (flags.json === true) process.stdout.write(`${JSON.stringify(said)}\n`);
  else process.stdout.write(`${token}\n`);
}

export interface TargetFlags {
  readonly user?: string;
  readonly group?: string;
  readonly device?: string;
  readonly lease?: string;
  readonly key?: string;
}

export async function block(flags: RootFlags & TargetFlags & { days: string }): Promise<void> {
  const body = { target: targetOf(flags), days: numberOption('--days', flags.days, 1) };
  const root = await accessTo(flags);
  await askAdmin(root, root.token, { method: 'POST', path: '/v1/admin/blocks', body }, v.unknown());
  await listBlocks(flags);
}

export async function unblock(id: string, flags: RootFlags): Promise<void> {
  if (!v.is(BlockId, id)) throw new HoldfastError('bad_request', 'This is no block’s id: `holdfast admin blocks` lists them.');
  const root = await accessTo(flags);
  const path = `/v1/admin/blocks/${id}`;
  await askAdmin(root, root.token, { method: 'DELETE', path }, v.unknown());
  await listBlocks(flags);
}

export async function listBlocks(flags: RootFlags): Promise<void> {
  const root = await accessTo(flags);
  const list = await askAdmin(root, root.token, { method: 'GET', path: '/v1/admin/blocks' }, BlockList);
  if (flags.json === true) return void process.stdout.write(`${JSON.stringify(list)}\n`);
  if (list.entries.length === 0) return void process.stdout.write('Nobody is blocked.\n');
  for (const { id, target, from, until } of list.entries) {
    const [, name = ''] = Object.values(target);
    process.stdout.write(`${id}  ${target.kind} ${name}  ${utc(from)} to ${utc(until)}\n`);
  }
}

/** The password comes on standard input, never as an argument that other users of the machine can see. */
export function printPasswordHash(): void {
  const password = readFileSync(0, 'utf8').replace(/\r?\n$/u, '');
  if (password === '') throw new HoldfastError('bad_request', 'Give the password on standard input.');
  process.stdout.write(`${hashPassword(password)}\n`);
}

function targetOf({ user, group, device, lease, key }: TargetFlags): RevokedTarget {
  const given = [
    user === undefined ? [] : [{ kind: 'user', subject: user }],
    group === undefined ? [] : [{ kind: 'group', group }],
    device === undefined ? [] : [{ kind: 'device', jkt: device }],
    lease === undefined ? [] : [{ kind: 'lease', lease }],
    key === undefined ? [] : [{ kind: 'key', kid: key }],
  ].flat();
  if (given.length !== 1) throw new HoldfastError('bad_request', 'Name one of --user, --group, --device, --lease, --key.');
  return parse(RevokedTarget, given[0]);
}

const Kept = v.object({ adminToken: v.string() });
const FILE_BYTES = 65_536;

async function accessTo({ url, tlsPin, tokenFile, data = DEFAULT_DATA }: RootFlags): Promise<RootAccess> {
  if (url !== undefined && tlsPin !== undefined && tokenFile !== undefined) {
    return { url, tlsPin, rootPin: undefined, token: readFileSync(tokenFile, 'utf8').trim() };
  }
  const run = readRun(data);
  const root = COMPONENTS.find(({ service }) => service === 'root-of-trust');
  const pins = await readPins(data);
  if (run === undefined || root === undefined || pins === undefined) {
    throw new HoldfastError(
      'bad_request',
      'Name the root of trust with --url, --tls-pin and --token-file, or a running `holdfast up` with --data.',
    );
  }
  const { adminToken } = parseJson(Kept, readFileSync(`${data}/secrets.json`, 'utf8'), FILE_BYTES, 'bad_config');
  return { url: urlOf(root, run.portBase), ...pins, token: adminToken };
}

function utc(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(0, 16).replace('T', ' ').concat(' UTC');
}
