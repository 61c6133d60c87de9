/** `/v1/admin/components`: every component with its keys; removing one, or withdrawing its keys until it enrols again (B-L6). */
import type { FastifyRequest } from 'fastify';
import * as v from 'valibot';
import type { ComponentList } from '#protocol/cloud-api';
import { HoldfastError } from '#protocol/errors';
import { parse } from '#protocol/parse';
import { Id } from '#protocol/primitives';
import { Role } from '#protocol/trust';
import { keysOf, type LedgerKey, markRemoved } from '../ledger.ts';
import type { Root } from '../root.ts';
import { withdrawKeys } from '../withdraw-keys.ts';

type Components = v.InferOutput<typeof ComponentList>;

export function listComponents(root: Root) {
  return (): Promise<Components> => list(root);
}

/** Its keys are refused, and it may not come back with a join token made before. */
export function withdrawComponentKeys(root: Root) {
  return (request: FastifyRequest): Promise<Components> => withdrawAnd(root, request, 'A component’s keys were withdrawn.');
}

/** The same, and it is no longer listed. */
export function removeComponent(root: Root) {
  return (request: FastifyRequest): Promise<Components> => withdrawAnd(root, request, 'A component was removed.', markRemoved);
}

const Params = v.object({ role: Role, id: Id });

async function withdrawAnd(root: Root, request: FastifyRequest, what: string, mark?: typeof markRemoved): Promise<Components> {
  const named = parse(Params, request.params);
  const { role, id } = named;
  const withdrawn = await root.store.exclusively('enrolment', async (sql) => {
    const keys = await keysOf(sql, named);
    if (keys.every(({ removed_at }) => removed_at !== null))
      throw new HoldfastError('not_found', { reason: 'component-unknown', name: `${role} ${id}` });
    await sql.deleteFrom('root_join_token').where('role', '=', role).where('id', '=', id).where('used_at', 'is', null).execute();
    await mark?.(sql, named, root.now());
    return withdrawKeys(root, sql, named);
  });
  await root.revocations.tell();
  root.changes.count++;
  root.log.warn({ correlationId: request.id, role, component: id, withdrawn }, what);
  return list(root);
}

async function list({ store, now }: Root): Promise<Components> {
  const keys = await store.sql
    .selectFrom('root_key')
    .selectAll()
    .where('removed_at', 'is', null)
    .orderBy('since', 'desc')
    // Of one second, the one in force comes first.
    .orderBy((row) => row('withdrawn_at', 'is', null), 'desc')
    .execute();
  const byName = Map.groupBy(keys, ({ role, id }) => `${role} ${id}`);
  const components = [...byName]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, [newest, ...older]]) => {
      if (newest === undefined) return [];
      const { role, id, location } = newest;
      const shown = [newest, ...older.filter(({ ends }) => ends >= now())];
      return [
        { role: parse(Role, role, 'internal'), id, ...(location !== null && { location }), keys: shown.map((key) => view(key, now())) },
      ];
    });
  return { components };
}

function view(
  { kid, by, since, stated_at, ends, replaced_at, withdrawn_at }: LedgerKey,
  now: number,
): Components['components'][number]['keys'][number] {
  const state = withdrawn_at !== null && withdrawn_at <= now ? 'withdrawn' : replaced_at === null ? 'current' : 'replaced';
  return { kid, state, by, since, statedAt: stated_at, ends };
}
