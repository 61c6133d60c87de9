/** Enrolment at a component's first start: exchanges its join token for a trust statement, once (B-L6). */
import { readJws } from '#core/trust/jws';
import { HoldfastError } from '#protocol/errors';
import { TYP } from '#protocol/jose';
import { JoinToken, type Statement } from '#protocol/trust';
import { nodeCrypto } from '../jose/primitives.ts';
import type { RootClient } from './root-client.ts';
import { allBundles, type TrustFile } from './trust-file.ts';

export type Newcomer = Pick<Statement, 'role' | 'id' | 'location'>;

/** Throws `bad_config` when the token is for another component, else the root of trust's refusal. */
export async function enrol(client: RootClient, joinToken: string, newcomer: Newcomer): Promise<TrustFile> {
  mustBeFor(newcomer, joinToken);
  const reply = await client.enrol(joinToken);
  return {
    statement: reply.statement,
    bundles: allBundles(reply),
    revocations: reply.revocations,
    statements: [],
    locationKeys: reply.locationKeys ?? [],
  };
}

/** Checked before the token is spent: the root states the name in the token, and a component under another name is useless. */
function mustBeFor(newcomer: Newcomer, joinToken: string): void {
  const read = readJws(nodeCrypto, joinToken, TYP.join, JoinToken);
  if (!read.ok) throw new HoldfastError('bad_config', { reason: 'join-token', why: read.why });
  const meant = nameOf(read.value.unverified);
  if (meant !== nameOf(newcomer))
    throw new HoldfastError('bad_config', { reason: 'join-token-other', expected: nameOf(newcomer), found: meant });
}

function nameOf({ role, id, location }: Newcomer): string {
  return location === undefined ? `${role} ${id}` : `${role} ${id} (${location})`;
}
