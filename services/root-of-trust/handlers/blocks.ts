/** `/v1/admin/blocks`: whose leases are refused (B-L5). */
import type { FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { BlockId, type BlockList, BlockRequest } from '#protocol/cloud-api';
import { parse } from '#protocol/parse';
import { blockId } from '../block-id.ts';
import type { SignedList } from '../revocations.ts';
import type { Root } from '../root.ts';

type Blocks = v.InferOutput<typeof BlockList>;

export function listBlocks({ revocations }: Root) {
  return async (): Promise<Blocks> => view(await revocations.fresh());
}

export function addBlock({ revocations, changes, log }: Root) {
  return async (request: FastifyRequest): Promise<Blocks> => {
    const { target, days } = parse(BlockRequest, request.body);
    const list = await revocations.block(target, days);
    changes.count++;
    log.info({ correlationId: request.id, target, days }, 'Block added.');
    return view(list);
  };
}

const Params = v.object({ id: BlockId });

export function removeBlock({ revocations, changes, log }: Root) {
  return async (request: FastifyRequest): Promise<Blocks> => {
    const { id } = parse(Params, request.params);
    const list = await revocations.unblock(id);
    changes.count++;
    log.info({ correlationId: request.id, block: id }, 'Block removed.');
    return view(list);
  };
}

function view({ list }: SignedList): Blocks {
  return { version: list.version, entries: list.entries.map((entry) => ({ id: blockId(entry), ...entry })) };
}
