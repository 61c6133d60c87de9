/** What the Workspace says of the identity provider in its health document. */
import { Health } from '#protocol/feed';
import { parse } from '#protocol/parse';
import { until } from '../until.ts';
import type { System } from './system.ts';

export async function untilIdentityIs({ report }: System, state: 'up' | 'down'): Promise<void> {
  const address = report.components.find(({ name }) => name === 'workspace')?.addresses[0];
  await until(`the Workspace says that the identity provider is ${state}`, async () => {
    const answer = await fetch(`http://${address}/.well-known/holdfast/health`);
    const claims = Buffer.from((await answer.text()).split('.')[1] ?? '', 'base64url').toString();
    return parse(Health, JSON.parse(claims)).identity.state === state;
  });
}
