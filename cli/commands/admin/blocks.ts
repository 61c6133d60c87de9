/** `holdfast admin block`, `unblock`, `blocks`: who is refused for some days. */
import * as v from 'valibot';
import { BlockId } from '#protocol/cloud-api';
import { HoldfastError } from '#protocol/errors';
import { parse } from '#protocol/parse';
import { RevokedTarget } from '#protocol/trust';
import type { AdminServer } from '../../admin-client.ts';
import { addBlock, readBlocks, removeBlock } from '../../root-admin.ts';
import { utc } from '../../utc.ts';
import { numberOption } from '../number-option.ts';
import { rootOfTrust, type ServerFlags } from './server.ts';

export interface TargetFlags {
  readonly user?: string;
  readonly group?: string;
  readonly device?: string;
  readonly lease?: string;
  readonly key?: string;
}

export async function block(flags: ServerFlags & TargetFlags & { days: string }): Promise<void> {
  const wanted = { target: targetOf(flags), days: numberOption('--days', flags.days, 1) };
  const root = await rootOfTrust(flags);
  await addBlock(root, wanted);
  await printBlocks(root, flags);
}

export async function unblock(id: string, flags: ServerFlags): Promise<void> {
  if (!v.is(BlockId, id)) throw new HoldfastError('bad_request', { reason: 'no-block-id' });
  const root = await rootOfTrust(flags);
  await removeBlock(root, id);
  await printBlocks(root, flags);
}

export async function listBlocks(flags: ServerFlags): Promise<void> {
  await printBlocks(await rootOfTrust(flags), flags);
}

async function printBlocks(root: AdminServer, { json }: ServerFlags): Promise<void> {
  const list = await readBlocks(root);
  if (json === true) return void process.stdout.write(`${JSON.stringify(list)}\n`);
  if (list.entries.length === 0) return void process.stdout.write('Nobody is blocked.\n');
  for (const { id, target, from, until } of list.entries) {
    const [, name = ''] = Object.values(target);
    process.stdout.write(`${id}  ${target.kind} ${name}  ${utc(from)} to ${utc(until)}\n`);
  }
}

function targetOf({ user, group, device, lease, key }: TargetFlags): RevokedTarget {
  const given = [
    user === undefined ? [] : [{ kind: 'user', subject: user }],
    group === undefined ? [] : [{ kind: 'group', group }],
    device === undefined ? [] : [{ kind: 'device', jkt: device }],
    lease === undefined ? [] : [{ kind: 'lease', lease }],
    key === undefined ? [] : [{ kind: 'key', kid: key }],
  ].flat();
  if (given.length !== 1)
    throw new HoldfastError('bad_request', { reason: 'option-missing', option: '--user | --group | --device | --lease | --key' });
  return parse(RevokedTarget, given[0]);
}
