/** What a component gets when it enrols or renews: its statement, what is public, and a connector its location's keys. */
import type { EnrolmentReply } from '#protocol/trust';
import type { Root } from './root.ts';
import type { StatedKeys } from './state-keys.ts';

export async function enrolmentReply(root: Root, { statement, locationKeys }: StatedKeys): Promise<EnrolmentReply> {
  root.changes.count++;
  const { bundles, newest } = root.authority.current();
  const { token } = await root.revocations.fresh();
  return {
    statement,
    rootBundle: newest.signed,
    ...(bundles.length > 1 && { earlierBundles: bundles.slice(0, -1).map(({ signed }) => signed) }),
    revocations: token,
    ...(locationKeys.length > 0 && { locationKeys: [...locationKeys] }),
  };
}
