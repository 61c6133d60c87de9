/** The root of trust's administration: join tokens, components and blocks. */
import * as v from 'valibot';
import { BlockList, BlockReply, type BlockRequest, ComponentList, JoinTokenReply } from '#protocol/cloud-api';
import type { Role } from '#protocol/trust';
import { type AdminServer, askAdmin } from './admin-client.ts';

export const ROOT_OF_TRUST = 'root of trust';

const BLOCKS = '/v1/admin/blocks';

export interface JoinRequest {
  readonly role: Role;
  readonly id: string;
  readonly location?: string;
}

export async function joinToken(root: AdminServer, body: JoinRequest): Promise<string> {
  return (await askAdmin(root, { method: 'POST', path: '/v1/admin/join-tokens', body }, JoinTokenReply)).joinToken;
}

export type Components = v.InferOutput<typeof ComponentList>;
export type ComponentName = Pick<JoinRequest, 'role' | 'id'>;

const COMPONENTS = '/v1/admin/components';

export function readComponents(root: AdminServer): Promise<Components> {
  return askAdmin(root, { method: 'GET', path: COMPONENTS }, ComponentList);
}

export function removeComponent(root: AdminServer, { role, id }: ComponentName): Promise<Components> {
  return askAdmin(root, { method: 'DELETE', path: `${COMPONENTS}/${role}/${id}` }, ComponentList);
}

export function withdrawKeys(root: AdminServer, { role, id }: ComponentName): Promise<Components> {
  return askAdmin(root, { method: 'DELETE', path: `${COMPONENTS}/${role}/${id}/keys` }, ComponentList);
}

export function readBlocks(root: AdminServer): Promise<v.InferOutput<typeof BlockList>> {
  return askAdmin(root, { method: 'GET', path: BLOCKS }, BlockList);
}

/** Throws `not_found` for what nobody was seen with, unless it is to be blocked `anyway`. */
export function addBlock(root: AdminServer, body: v.InferInput<typeof BlockRequest>): Promise<v.InferOutput<typeof BlockReply>> {
  return askAdmin(root, { method: 'POST', path: BLOCKS, body }, BlockReply);
}

export async function removeBlock(root: AdminServer, id: string): Promise<void> {
  await askAdmin(root, { method: 'DELETE', path: `${BLOCKS}/${id}` }, v.unknown());
}
