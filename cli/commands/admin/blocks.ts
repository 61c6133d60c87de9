/** `holdfast admin block`, `unblock`, `blocks`: who is refused for some days. */
import * as v from 'valibot';
import { type BlockEntry, BlockId, type BlockList, BlockTarget } from '#protocol/cloud-api';
import { HoldfastError } from '#protocol/errors';
import { parse } from '#protocol/parse';
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

export async function block(flags: ServerFlags & TargetFlags & { days: string; anyway?: boolean }): Promise<void> {
  const wanted = { target: targetOf(flags), days: numberOption('--days', flags.days, 1), anyway: flags.anyway === true };
  const reply = await addBlock(await rootOfTrust(flags), wanted);
  if (flags.json !== true)
    for (const entry of reply.entries.filter(({ id }) => reply.added.includes(id))) process.stdout.write(`Blocked: ${matchWords(entry)}\n`);
  print(reply, flags);
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

async function printBlocks(root: AdminServer, flags: ServerFlags): Promise<void> {
  print(await readBlocks(root), flags);
}

function print(list: v.InferOutput<typeof BlockList>, { json }: ServerFlags): void {
  if (json === true) return void process.stdout.write(`${JSON.stringify(list)}\n`);
  if (list.entries.length === 0) return void process.stdout.write('Nobody is blocked.\n');
  for (const entry of list.entries) process.stdout.write(`${entry.id}  ${targetWords(entry)}  ${utc(entry.from)} to ${utc(entry.until)}\n`);
}

/** `user <subject> (mara@example.org)` */
function targetWords({ target, known }: BlockEntry): string {
  const [, name = ''] = Object.values(target);
  return `${target.kind} ${name}${known?.as === undefined ? '' : ` (${known.as})`}`;
}

function matchWords(entry: BlockEntry): string {
  const { target, known } = entry;
  const what = targetWords(entry);
  if (target.kind === 'lease') return `${what}. Whether there is such a lease isn’t known.`;
  if (known === undefined) return `${what}. ${target.kind === 'key' ? 'No component has had it.' : 'Nobody has been seen with it.'}`;
  return `${what}, last ${target.kind === 'key' ? 'stated' : 'seen'} ${utc(known.seen)}.`;
}

function targetOf({ user, group, device, lease, key }: TargetFlags): BlockTarget {
  const given = [
    user === undefined ? [] : [{ kind: 'user', user }],
    group === undefined ? [] : [{ kind: 'group', group }],
    device === undefined ? [] : [{ kind: 'device', jkt: device }],
    lease === undefined ? [] : [{ kind: 'lease', lease }],
    key === undefined ? [] : [{ kind: 'key', kid: key }],
  ].flat();
  if (given.length !== 1)
    throw new HoldfastError('bad_request', { reason: 'option-missing', option: '--user | --group | --device | --lease | --key' });
  return parse(BlockTarget, given[0]);
}
