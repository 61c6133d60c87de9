/** What the Workspace says of the identity provider in its health document. */
import { Health } from '#protocol/feed';
import { parse } from '#protocol/parse';
import { until } from '../until.ts';
import { askByName } from './ask-by-name.ts';
import type { System } from './system.ts';

export async function untilIdentityIs({ report }: System, state: 'up' | 'down'): Promise<void> {
  await until(`the Workspace says that the identity provider is ${state}`, async () => {
    const { text } = await askByName(`${report.workspaceUrl}/.well-known/holdfast/health`);
    const claims = Buffer.from(text.split('.')[1] ?? '', 'base64url').toString();
    return parse(Health, JSON.parse(claims)).identity.state === state;
  });
}
