/** What a component gets when it enrols or renews: its statement, what is public, and a connector its location's keys. */
import type { EnrolmentReply } from '#protocol/trust';
import type { IssuedStatement } from './issue-statement.ts';
import type { Root } from './root.ts';

export async function enrolmentReply(root: Root, { statement, locationKeys }: IssuedStatement): Promise<EnrolmentReply> {
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
