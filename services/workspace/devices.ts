/** A person's devices: which keys their access is saved to, since when, and when each was last seen. */
import { HoldfastError } from '#protocol/errors';
import { canonicalName } from '#protocol/names';
import type { User } from '#protocol/primitives';
import type { Store } from './store.ts';

export interface PersonDevice {
  readonly subject: string;
  readonly upn: string;
  /** thumbprint of its sign key */
  readonly jkt: string;
  /** the device says so; nobody attests it */
  readonly claimsHardware: boolean;
  /** ms since 1970 */
  readonly firstSeen: number;
  readonly lastSeen: number;
}

/**
 * Notes that this person's device was seen at `at` (ms); true when it was not known. Throws `too_many` when it is not and the person
 * has `limit` devices already.
 */
export function deviceSeen(
  store: Store,
  { subject, upn }: Pick<User, 'subject' | 'upn'>,
  { jkt, claimsHardware }: Pick<PersonDevice, 'jkt' | 'claimsHardware'>,
  limit: number,
  at: number,
): Promise<boolean> {
  const now = { upn, claims_hardware: claimsHardware ? 1 : 0, seen_at: at };
  return store.exclusively(`devices of ${subject}`, async (sql) => {
    const known = await sql
      .updateTable('workspace_device')
      .set(now)
      .where('subject', '=', subject)
      .where('jkt', '=', jkt)
      .returning('jkt')
      .executeTakeFirst();
    if (known !== undefined) return false;
    const { count } = await sql
      .selectFrom('workspace_device')
      .select(({ fn }) => fn.countAll().as('count'))
      .where('subject', '=', subject)
      .executeTakeFirstOrThrow();
    if (Number(count) >= limit) throw new HoldfastError('too_many', { reason: 'person-devices', limit }, { retryable: false });
    await sql
      .insertInto('workspace_device')
      .values({ subject, jkt, first_seen_at: at, ...now })
      .execute();
    return true;
  });
}

/** Of one person, by subject or user principal name, or of everybody; the newest first. `since`: first seen then or later, ms. */
export async function devicesOf({ sql }: Store, person: string | undefined, since = 0): Promise<readonly PersonDevice[]> {
  const all = sql.selectFrom('workspace_device').selectAll().where('first_seen_at', '>=', since).orderBy('first_seen_at', 'desc');
  const rows = await (person === undefined
    ? all
    : all.where((where) => where.or([where('subject', '=', person), where('upn', '=', canonicalName(person) ?? '')]))
  ).execute();
  return rows.map((row) => ({
    subject: row.subject,
    upn: row.upn,
    jkt: row.jkt,
    claimsHardware: Number(row.claims_hardware) === 1,
    firstSeen: Number(row.first_seen_at),
    lastSeen: Number(row.seen_at),
  }));
}

export async function removeDevice({ sql }: Store, jkt: string): Promise<void> {
  await sql.deleteFrom('workspace_device').where('jkt', '=', jkt).execute();
}
