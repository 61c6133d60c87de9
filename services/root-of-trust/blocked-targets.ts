/** From what an administrator names to what a block refuses. An order that means nobody is no block: it is said, and asked for again. */
import * as v from 'valibot';
import type { BlockTarget } from '#protocol/cloud-api';
import { HoldfastError } from '#protocol/errors';
import { canonicalName } from '#protocol/names';
import { Subject } from '#protocol/primitives';
import type { RevokedTarget } from '#protocol/trust';
import { isKnown, peopleNamed } from './known-names.ts';
import { keyNamed } from './ledger.ts';
import type { Store } from './store.ts';

/** People who may have had one user principal name, one after the other. More are no accident, and would fill the list. */
const PEOPLE_MAX = 10;

/**
 * `anyway`: also what nobody was seen with. Throws `not_found` otherwise; `bad_request` for a name that is no subject and nobody's, or that too
 * many people have had.
 */
export async function blockedTargets(store: Store, target: BlockTarget, anyway: boolean): Promise<readonly RevokedTarget[]> {
  if (target.kind === 'user') return blockedPeople(store, target.user, anyway);
  if (!anyway) await mustBeKnown(store, target);
  return [target];
}

async function blockedPeople(store: Store, name: string, anyway: boolean): Promise<readonly RevokedTarget[]> {
  const people = await peopleNamed(store, name, PEOPLE_MAX + 1);
  if (people.length > PEOPLE_MAX) throw new HoldfastError('bad_request', { reason: 'people-alike', name, most: PEOPLE_MAX });
  if (people.length > 0) return people.map((subject) => ({ kind: 'user', subject }));
  if (!anyway) throw new HoldfastError('not_found', { reason: 'user-unseen', name });
  if (!v.is(Subject, name)) throw new HoldfastError('bad_request', { reason: 'no-subject', name });
  return [{ kind: 'user', subject: name }];
}

async function mustBeKnown(store: Store, target: Exclude<BlockTarget, { kind: 'user' }>): Promise<void> {
  switch (target.kind) {
    case 'group':
      if (await isKnown(store, 'group', canonicalName(target.group) ?? '')) return;
      throw new HoldfastError('not_found', { reason: 'group-unseen', name: target.group });
    case 'device':
      if (await isKnown(store, 'device', target.jkt)) return;
      throw new HoldfastError('not_found', { reason: 'device-unseen', id: target.jkt });
    case 'key':
      if ((await keyNamed(store.sql, target.kid)) !== undefined) return;
      throw new HoldfastError('not_found', { reason: 'key-unstated', id: target.kid });
    case 'lease':
    // Nobody keeps a record of leases.
  }
}
