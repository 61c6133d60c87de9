/** `/v1/admin/blocks`: whose leases are refused (B-L5). */
import type { FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { BlockId, type BlockList, type BlockReply, BlockRequest } from '#protocol/cloud-api';
import { parse } from '#protocol/parse';
import { blockId } from '../block-id.ts';
import { blockedTargets } from '../blocked-targets.ts';
import { knownOf } from '../known-names.ts';
import type { SignedList } from '../revocations.ts';
import type { Root } from '../root.ts';

type Blocks = v.InferOutput<typeof BlockList>;

export function listBlocks(root: Root) {
  return async (): Promise<Blocks> => view(root, await root.revocations.fresh());
}

export function addBlock(root: Root) {
  const { store, revocations, changes, log } = root;
  return async (request: FastifyRequest): Promise<v.InferOutput<typeof BlockReply>> => {
    const { target, days, anyway } = parse(BlockRequest, request.body);
    const targets = await blockedTargets(store, target, anyway);
    const { signed, entries } = await revocations.block(targets, days);
    changes.count++;
    log.info({ correlationId: request.id, targets, days, anyway }, 'Block added.');
    return { ...(await view(root, signed)), added: entries.map(blockId) };
  };
}

const Params = v.object({ id: BlockId });

export function removeBlock(root: Root) {
  const { revocations, changes, log } = root;
  return async (request: FastifyRequest): Promise<Blocks> => {
    const { id } = parse(Params, request.params);
    const list = await revocations.unblock(id);
    changes.count++;
    log.info({ correlationId: request.id, block: id }, 'Block removed.');
    return view(root, list);
  };
}

async function view({ store }: Root, { list: { version, entries } }: SignedList): Promise<Blocks> {
  const known = await knownOf(
    store,
    entries.map(({ target }) => target),
  );
  return {
    version,
    entries: entries.map((entry, index) => {
      const of = known[index];
      return { id: blockId(entry), ...entry, ...(of !== undefined && { known: of }) };
    }),
  };
}
